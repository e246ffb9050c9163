/** Builds a practice competition in the cache, or finds it there. */
import { join } from 'node:path';
import type { TaskSource } from '../domain/task.js';
import { up } from '../stack/up.js';
import { buildPractice, findPractice } from '../tasks/practice/catalog.js';
import { progress } from './output.js';
import { places } from './places.js';
import { whole } from './run-options.js';
import { stackProgress } from './stack-progress.js';

/** @throws UserError `practice-unknown`, `option-invalid`. */
export async function practiceSource(name: string, builderSeed: string): Promise<TaskSource> {
  const { id } = findPractice(name);
  const seed = whole(builderSeed, '--builder-seed', 0);
  const { python } = await up({ pieces: ['python'], onProgress: stackProgress() });
  const folder = join(places().practice, id, `seed-${seed}`);
  const { source, cached, variant } = await buildPractice(id, { seed, folder, python });
  if (!cached) progress(`Built ${id} (seed ${seed}) from data inside installed packages: ${folder}`);
  if (variant) progress(`! The data of ${id} differ from those its board was recorded with: no medals.`);
  return source;
}
