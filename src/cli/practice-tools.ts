/** What a practice competition is built with: the interpreter, and the data packages where it takes its data from one. */
import { practicePackages, up } from '../stack/up.js';
import type { Practice } from '../tasks/practice/catalog.js';
import { stackProgress } from './stack-progress.js';

export interface PracticeTools {
  readonly python: string;
  readonly packages?: string;
}

/** Gets what is missing. */
export async function practiceTools(practice: Practice): Promise<PracticeTools> {
  const { python } = await up({ pieces: ['python'], onProgress: stackProgress() });
  if (!practice.dataPackage) return { python };
  return { python, packages: await practicePackages({ onProgress: stackProgress() }) };
}
