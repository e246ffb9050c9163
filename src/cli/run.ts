/** `automlgen run`: searches programs for a task folder, or for two tables, a target and a metric. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '../domain/errors.js';
import type { TaskSource } from '../domain/task.js';
import { progress } from './output.js';
import { addRunOptions, parseRunOptions, type RawRunOptions } from './run-options.js';

interface RunOptions extends RawRunOptions {
  readonly train?: string;
  readonly test?: string;
  readonly target?: string;
  readonly metric?: string;
  readonly id?: string;
  readonly group?: string;
  readonly time?: string;
  readonly drop?: string;
  readonly sampleSubmission?: string;
}

export function registerRun(program: Command): void {
  const command = program
    .command('run')
    .argument('[folder]', 'task folder (task.toml, or train.csv, test.csv, sample_submission.csv)')
    .description('Search programs for your own task.')
    .option('--train <file>', 'labelled table')
    .option('--test <file>', 'table to predict')
    .option('--target <column>', 'column to predict, or several with commas between them')
    .option('--metric <name>', 'for example auc, logloss, accuracy, qwk, rmse, mae, map@5; docs/metrics.md lists them')
    .option('--id <column>', 'column that names a row')
    .option('--group <column>', 'rows with the same value are never divided by the split')
    .option('--time <column>', 'orders rows in time: the latest are hidden')
    .option('--drop <columns>', 'columns that no program shall see, with commas between them')
    .option('--sample-submission <file>', 'form of the answer');
  addRunOptions(command, { budget: '30m' })
    .addHelpText(
      'after',
      '\nExamples:\n  automlgen run my-competition --budget 2h\n  automlgen run --train train.csv --test test.csv --target price --metric rmse --budget 10m',
    )
    .action(async (folder: string | undefined, options: RunOptions) => {
      const start = parseRunOptions(options);
      const source = await sourceOf(folder, options);
      const { launch } = await import('./launch.js');
      await launch(source, start, options);
    });
}

/** Options of tables that a folder says itself, and what they are called in its task.toml. */
const OF_TABLES = {
  train: 'train',
  test: 'test',
  target: 'target',
  metric: 'metric',
  id: 'id_column',
  group: 'group',
  time: 'time',
  drop: 'drop',
  sampleSubmission: 'sample_submission',
} as const;

/** @throws UserError `option-invalid`: a folder is one thing, a table with options another; neither is to be taken for the other. */
export function checkFolderAlone(folder: string, options: Partial<RunOptions>): void {
  const names = Object.keys(OF_TABLES) as (keyof typeof OF_TABLES)[];
  const given = names.filter((name) => options[name] !== undefined);
  const [first] = given;
  if (first === undefined) return;
  const flags = given.map((name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  const text = options[first] ?? '';
  const value = first === 'drop' ? `[${text.split(',').map(inQuotes).join(', ')}]` : inQuotes(text);
  throw new UserError(
    'option-invalid',
    `${flags.join(', ')} ${given.length > 1 ? 'describe' : 'describes'} a table, and the task folder ${folder} was given.`,
    `Write it into ${join(folder, 'task.toml')}, for example ${OF_TABLES[first]} = ${value} (docs/tasks.md), or leave the folder out and give --train, --test, --target and --metric.`,
  );
}

function inQuotes(text: string): string {
  return JSON.stringify(text.trim());
}

async function sourceOf(folder: string | undefined, options: RunOptions): Promise<TaskSource> {
  if (folder !== undefined) {
    checkFolderAlone(folder, options);
    const { loadTaskFolder } = await import('../tasks/folder.js');
    const { source, guessed } = await loadTaskFolder(folder);
    for (const guess of guessed) progress(guess);
    return source;
  }
  const { train, test, target, metric } = options;
  if (train === undefined || test === undefined || target === undefined || metric === undefined) {
    throw new UserError(
      'option-invalid',
      'Neither a task folder nor all of --train, --test, --target and --metric were given.',
      'Write `automlgen run my-folder`, or `automlgen run --train t.csv --test u.csv --target y --metric rmse`.',
    );
  }
  const { taskFromTables } = await import('../tasks/importers/plain-csv.js');
  const { source } = await taskFromTables({
    train,
    test,
    target,
    metric,
    ...(options.id !== undefined && { id: options.id }),
    ...(options.group !== undefined && { group: options.group }),
    ...(options.time !== undefined && { time: options.time }),
    ...(options.drop !== undefined && { drop: options.drop }),
    ...(options.sampleSubmission !== undefined && { sampleSubmission: options.sampleSubmission }),
  });
  return source;
}
