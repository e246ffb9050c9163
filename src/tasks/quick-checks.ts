/** Faults that headers show: told at once, before a server or a Python process is started. */
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../domain/errors.js';
import type { Task } from '../domain/task.js';
import { type CsvHead, idsOnly, readHead } from './csv-head.js';
import { didYouMean } from './suggest.js';
import { isFile } from './table-files.js';

/** @throws UserError `path-missing`, `csv-*`, `target-missing`, `id-missing`, `columns-differ` */
export async function checkTables(task: Task, folder: string): Promise<void> {
  const train = await readHead(join(folder, task.train));
  const asked = await readHead(join(folder, task.test));
  const test = task.test === task.sample_submission ? idsOnly(asked) : asked;
  const sample =
    task.sample_submission === undefined ? undefined : await readHead(join(folder, task.sample_submission));
  checkTarget(task, train);
  checkColumns(task, train, test, sample);
  if (task.id_column !== undefined && !test.columns.includes(task.id_column) && sample?.columns[0] !== task.id_column) {
    throw new UserError(
      'id-missing',
      `The id column "${task.id_column}" is not in ${basename(task.test)}.${didYouMean(task.id_column, test.columns)}`,
      'Correct the id column, or leave it out: rows are then numbered.',
    );
  }
}

/** @throws UserError `images-missing`, `path-missing` */
export async function checkFiles(task: Task, folder: string): Promise<void> {
  const metric = task.metric_options?.file;
  if (metric !== undefined && !(await isFile(join(folder, metric)))) {
    throw new UserError(
      'path-missing',
      `The metric's file ${join(folder, metric)} is not there.`,
      'Correct `file` in metric_options of task.toml.',
    );
  }
  if (task.images === undefined) return;
  const found = await stat(join(folder, task.images)).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new UserError(
    'images-missing',
    `The image folder ${join(folder, task.images)} is not there.`,
    'Correct `images` in task.toml.',
  );
}

/** All columns to predict. */
function targetsOf(task: Task): readonly string[] {
  return task.targets ?? [task.target];
}

function checkTarget(task: Task, train: CsvHead): void {
  const target = targetsOf(task).find((name) => !train.columns.includes(name));
  if (target === undefined) return;
  throw new UserError(
    'target-missing',
    `The target column "${target}" is not in ${basename(task.train)}.${didYouMean(target, train.columns)} ` +
      `Its columns are ${train.columns.slice(0, 12).join(', ')}${train.columns.length > 12 ? ', …' : ''}.`,
    'Name one of these columns as the target.',
  );
}

function checkColumns(task: Task, train: CsvHead, test: CsvHead, sample: CsvHead | undefined): void {
  const ids = [task.id_column, sample?.columns[0]];
  const extra = test.columns.filter(
    (name) =>
      !train.columns.includes(name) &&
      !ids.includes(name) &&
      !task.drop.includes(name) &&
      !/^(?:row_?)?id$/i.test(name),
  );
  const shared = test.columns.filter((name) => train.columns.includes(name) && !targetsOf(task).includes(name));
  if (extra.length === 0 && shared.length > 0) return;
  const missing = extra.length > 0 ? extra : train.columns.filter((name) => !targetsOf(task).includes(name));
  const [where, lacking] = extra.length > 0 ? [task.test, task.train] : [task.train, task.test];
  throw new UserError(
    'columns-differ',
    `${basename(where)} has columns that ${basename(lacking)} lacks: ${missing.slice(0, 6).join(', ')}.`,
    'Give both tables the same feature columns, or list the extra ones under `drop` in task.toml.',
  );
}
