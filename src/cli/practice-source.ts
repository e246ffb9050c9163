/** Builds a practice competition in the cache, or finds it there. */
import { join } from 'node:path';
import type { TaskSource } from '../domain/task.js';
import { buildPractice, findPractice } from '../tasks/practice/catalog.js';
import { progress } from './output.js';
import { places } from './places.js';
import { practiceTools } from './practice-tools.js';
import { whole } from './whole.js';

/** @throws UserError `practice-unknown`, `option-invalid`. */
export async function practiceSource(name: string, builderSeed: string): Promise<TaskSource> {
  const practice = findPractice(name);
  const { id } = practice;
  const seed = whole(builderSeed, '--builder-seed', 0);
  const tools = await practiceTools(practice);
  const folder = join(places().practice, id, `seed-${seed}`);
  const { source, cached, variant } = await buildPractice(id, { seed, folder, ...tools });
  if (!cached) progress(`Built ${id} (seed ${seed}) from data inside installed packages: ${folder}`);
  if (variant) progress(`! No board was recorded with these data of ${id}: no medals.`);
  return source;
}
