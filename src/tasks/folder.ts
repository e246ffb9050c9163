/** A task folder on disk, with or without `task.toml`, or in the layout of a prepared MLE-bench competition. */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../domain/errors.js';
import { Task, type TaskSource } from '../domain/task.js';
import { type CsvHead, idsOnly, readHead } from './csv-head.js';
import { guessTask } from './guess.js';
import { importedAnswers } from './importers/imported-answers.js';
import { checkFiles, checkTables } from './quick-checks.js';
import { firstFile, isFile, isFolder, sampleFile, tableFile } from './table-files.js';
import { readTaskFile } from './task-file.js';

export interface LoadedFolder {
  readonly source: TaskSource;
  /** What was guessed and why, one sentence each; empty when task.toml says everything. */
  readonly guessed: readonly string[];
}

const DESCRIPTIONS = ['description.md', 'README.md', 'description.txt'];

/**
 * Reads headers and the first rows only; what needs whole tables is the profiler's to check.
 * @throws UserError for everything a person can repair.
 */
export async function loadTaskFolder(path: string): Promise<LoadedFolder> {
  const root = resolve(path);
  if (!(await isFolder(root))) {
    throw new UserError('path-missing', `There is no folder ${root}.`, 'Correct the path and start again.');
  }
  const { folder, privateFolder = await importedAnswers(root) } = await publicPart(root);
  const { task: said, guessed } = await taskIn(folder, root);
  const { task, notes } = await withFoundTables(said, folder);
  if (task.ruler !== 'script') await checkTables(task, folder);
  await checkFiles(task, folder);
  return {
    source: { task, folder, ...(privateFolder !== undefined && { privateFolder }) },
    guessed: [...guessed, ...notes],
  };
}

/** `public` and `private` below the folder, or below its `prepared`; else the folder itself. */
async function publicPart(root: string): Promise<{ folder: string; privateFolder?: string }> {
  for (const base of [root, join(root, 'prepared')]) {
    const folder = join(base, 'public');
    if (!(await isFolder(folder))) continue;
    const privateFolder = join(base, 'private');
    return (await isFolder(privateFolder)) ? { folder, privateFolder } : { folder };
  }
  return { folder: root };
}

async function taskIn(folder: string, root: string): Promise<{ task: Task; guessed: readonly string[] }> {
  for (const path of [join(folder, 'task.toml'), join(root, 'task.toml')]) {
    if (await isFile(path)) return { task: await readTaskFile(path), guessed: [] };
  }
  return guessFolder(folder, root);
}

/** Tables that lie there packed or under another name stand in for the ones that task.toml leaves unsaid. */
async function withFoundTables(task: Task, folder: string): Promise<{ task: Task; notes: readonly string[] }> {
  const train = (await tableFile(folder, task.train)) ?? task.train;
  const test = (await testFile(folder, task)) ?? task.test;
  const sample = await sampleFile(folder);
  const notes = [
    ...(train === task.train ? [] : [`The training table is ${train}.`]),
    ...(test === task.test ? [] : [testNote(test, task.sample_submission ?? sample)]),
  ];
  return { task: { ...task, train, test, ...(test === sample && { sample_submission: test }) }, notes };
}

/** Where nobody names a test table and none lies there, the sample submission says which rows are asked for. */
async function testFile(
  folder: string,
  { test, sample_submission: sample }: Pick<Task, 'test' | 'sample_submission'>,
): Promise<string | undefined> {
  const found = await tableFile(folder, test);
  if (found !== undefined || test !== 'test.csv') return found;
  return sample ?? (await sampleFile(folder));
}

function testNote(test: string, sample: string | undefined): string {
  return test === sample
    ? `There is no test table: the rows to predict are those of ${test}.`
    : `The test table is ${test}.`;
}

async function guessFolder(folder: string, root: string): Promise<{ task: Task; guessed: readonly string[] }> {
  const sample = await sampleFile(folder);
  const description = await firstFile(folder, DESCRIPTIONS);
  const facts = {
    folder,
    train: await headOf(folder, 'train.csv'),
    test: await testHead(folder),
    sample: sample === undefined ? undefined : await readHead(join(folder, sample)),
    description: description === undefined ? undefined : await readFile(join(folder, description), 'utf8'),
  };
  const guess = guessTask(facts);
  const task = Task.parse({
    id: idOf(root),
    target: guess.targets[0],
    ...(guess.targets.length > 1 && { targets: guess.targets }),
    metric: guess.metric.name,
    ...(guess.metric.options !== undefined && { metric_options: guess.metric.options }),
    ...(guess.idColumn !== undefined && { id_column: guess.idColumn }),
    ...(sample !== undefined && { sample_submission: sample }),
    ...(description !== undefined && { description }),
  });
  return { task, guessed: guess.reasons };
}

async function testHead(folder: string): Promise<CsvHead> {
  const file = await testFile(folder, { test: 'test.csv' });
  return file !== undefined && file === (await sampleFile(folder))
    ? idsOnly(await readHead(join(folder, file)))
    : headOf(folder, 'test.csv');
}

async function headOf(folder: string, name: string): Promise<CsvHead> {
  const file = await tableFile(folder, name);
  if (file !== undefined) return readHead(join(folder, file));
  throw new UserError(
    'path-missing',
    `${folder} has neither task.toml nor ${name}.`,
    (await isFolder(join(folder, 'train')))
      ? `Write a ${name} with a row for each file of ${join(folder, 'train')}: its name, and its label.`
      : `Add ${name}, or a task.toml that names the tables.`,
  );
}

/** A task id from a folder's name. */
export function idOf(path: string): string {
  const slug = basename(path)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'task' : slug;
}
