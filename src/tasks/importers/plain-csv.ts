/** A task from two tables, a target and a metric: the shortest way from own data to a run. */
import { dirname, relative, resolve } from 'node:path';
import { Task } from '../../domain/task.js';
import { readHead } from '../csv-head.js';
import { idOf, type LoadedFolder } from '../folder.js';
import { checkTables } from '../quick-checks.js';
import { metricOf } from '../task-file.js';

export interface Tables {
  readonly train: string;
  readonly test: string;
  /** A column, or several with commas between them. */
  readonly target: string;
  readonly metric: string;
  readonly id?: string;
  readonly group?: string;
  readonly time?: string;
  /** Columns that no program shall see, with commas between them. */
  readonly drop?: string;
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
  const { columns } = await readHead(train);
  const targets = columnsIn(tables.target, columns);
  const task = Task.parse({
    id: idOf(train.replace(/\.(?:gz|zip)$/, '').replace(/\.[^./]+$/, '')),
    title: `${targets.join(', ')} of ${relative(folder, train)}`,
    train: relative(folder, train),
    test: relative(folder, resolve(tables.test)),
    target: targets[0],
    ...(targets.length > 1 && { targets }),
    metric: metric.name,
    ...(metric.options !== undefined && { metric_options: metric.options }),
    other_files: false,
    ...(tables.id !== undefined && { id_column: tables.id }),
    ...(tables.group !== undefined && { group: tables.group }),
    ...(tables.time !== undefined && { time: tables.time }),
    ...(tables.drop !== undefined && { drop: [...columnsIn(tables.drop, columns)] }),
    ...(tables.sampleSubmission !== undefined && {
      sample_submission: relative(folder, resolve(tables.sampleSubmission)),
    }),
  });
  await checkTables(task, folder);
  return { source: { task, folder }, guessed: [] };
}

/** A column whose own name has a comma is one column. */
function columnsIn(text: string, columns: readonly string[]): readonly string[] {
  if (columns.includes(text)) return [text];
  const names = text.split(',').map((name) => name.trim());
  return names.length > 1 && names.every((name) => name !== '') ? names : [text];
}
