/** Writes the table of a suite: for people, for programs, and as the list of submissions that graders read. */
import { join } from 'node:path';
import { suiteFiles } from '../benchmarks/suite-table.js';
import type { EvaluationActivities } from './contract.js';
import { writeWhole } from './write-whole.js';

export function createPackageSuite(): EvaluationActivities['packageSuite'] {
  return async ({ status, folder }) => {
    for (const { path, text } of suiteFiles(status)) await writeWhole(join(folder, path), text);
  };
}
