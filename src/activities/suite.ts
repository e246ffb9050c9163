/** Writes the table of a suite: for people, for programs, and as the list of submissions that graders read. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suiteFiles } from '../benchmarks/suite-table.js';
import type { EvaluationActivities } from './contract.js';

export function createPackageSuite(): EvaluationActivities['packageSuite'] {
  return async ({ status, folder }) => {
    await mkdir(folder, { recursive: true });
    for (const { path, text } of suiteFiles(status)) {
      const target = join(folder, path);
      await writeFile(`${target}.new`, text);
      await rename(`${target}.new`, target);
    }
  };
}
