/** A task folder on disk, with or without `task.toml`, or in the layout of a prepared MLE-bench competition. */
import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../domain/errors.js';
import { Task, type TaskSource } from '../domain/task.js';
import { type CsvHead, readHead } from './csv-head.js';
import { guessTask } from './guess.js';
import { checkImages, checkTables } from './quick-checks.js';
import { readTaskFile } from './task-file.js';

export interface LoadedFolder {
  readonly source: TaskSource;
  /** What was guessed and why, one sentence each; empty when task.toml says everything. */
  readonly guessed: readonly string[];
}

const SAMPLES = [
  'sample_submission.csv',
  'sampleSubmission.csv',
  'SampleSubmission.csv',
  'sample_submission_null.csv',
  'gender_submission.csv',
  'randomPredictions.csv',
];
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
  const { folder, privateFolder } = await publicPart(root);
  const { task, guessed } = await taskIn(folder, root);
  await checkTables(task, folder);
  await checkImages(task, folder);
  return { source: { task, folder, ...(privateFolder !== undefined && { privateFolder }) }, guessed };
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

async function guessFolder(folder: string, root: string): Promise<{ task: Task; guessed: readonly string[] }> {
  const sample = await firstFile(folder, SAMPLES);
  const description = await firstFile(folder, DESCRIPTIONS);
  const facts = {
    folder,
    train: await headOf(folder, 'train.csv'),
    test: await headOf(folder, 'test.csv'),
    sample: sample === undefined ? undefined : await readHead(join(folder, sample)),
    description: description === undefined ? undefined : await readFile(join(folder, description), 'utf8'),
  };
  const guess = guessTask(facts);
  const task = Task.parse({
    id: idOf(root),
    target: guess.target,
    metric: guess.metric,
    ...(guess.idColumn !== undefined && { id_column: guess.idColumn }),
    ...(sample !== undefined && { sample_submission: sample }),
    ...(description !== undefined && { description }),
  });
  return { task, guessed: guess.reasons };
}

async function headOf(folder: string, name: string): Promise<CsvHead> {
  if (await isFile(join(folder, name))) return readHead(join(folder, name));
  throw new UserError(
    'path-missing',
    `${folder} has neither task.toml nor ${name}.`,
    `Add ${name}, or a task.toml that names the tables.`,
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

async function firstFile(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if (await isFile(join(folder, name))) return name;
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
