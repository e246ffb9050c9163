/** A task from two tables, a target and a metric: the shortest way from own data to a run. */
import { dirname, relative, resolve } from 'node:path';
import { Task } from '../../domain/task.js';
import { idOf, type LoadedFolder } from '../folder.js';
import { checkTables } from '../quick-checks.js';
import { metricOf } from '../task-file.js';

export interface Tables {
  readonly train: string;
  readonly test: string;
  readonly target: string;
  readonly metric: string;
  readonly id?: string;
  readonly sampleSubmission?: string;
}

/**
 * Only these tables belong to the task: nothing else that lies beside them is shipped to programs.
 * @throws UserError as `loadTaskFolder` does.
 */
export async function taskFromTables(tables: Tables): Promise<LoadedFolder> {
  const metric = metricOf(tables.metric);
  const train = resolve(tables.train);
  const folder = dirname(train);
  const task = Task.parse({
    id: idOf(train.replace(/\.[^.]+$/, '')),
    title: `${tables.target} of ${relative(folder, train)}`,
    train: relative(folder, train),
    test: relative(folder, resolve(tables.test)),
    target: tables.target,
    metric,
    other_files: false,
    ...(tables.id !== undefined && { id_column: tables.id }),
    ...(tables.sampleSubmission !== undefined && {
      sample_submission: relative(folder, resolve(tables.sampleSubmission)),
    }),
  });
  await checkTables(task, folder);
  return { source: { task, folder }, guessed: [] };
}
