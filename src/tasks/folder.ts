/** A task folder on disk, with or without `task.toml`, or in the layout of a prepared MLE-bench competition. */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../domain/errors.js';
import { Task, type TaskSource } from '../domain/task.js';
import { type CsvHead, readHead } from './csv-head.js';
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

/** Tables that lie there packed or under another suffix stand in for the ones that task.toml leaves unsaid. */
async function withFoundTables(task: Task, folder: string): Promise<{ task: Task; notes: readonly string[] }> {
  const found: Partial<Record<'train' | 'test', string>> = {};
  for (const role of ['train', 'test'] as const) {
    const name = await tableFile(folder, task[role]);
    if (name !== undefined && name !== task[role]) found[role] = name;
  }
  const notes = Object.entries(found).map(
    ([role, name]) => `The ${role === 'test' ? 'test' : 'training'} table is ${name}.`,
  );
  return { task: { ...task, ...found }, notes };
}

async function guessFolder(folder: string, root: string): Promise<{ task: Task; guessed: readonly string[] }> {
  const sample = await sampleFile(folder);
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

async function headOf(folder: string, name: string): Promise<CsvHead> {
  const file = await tableFile(folder, name);
  if (file !== undefined) return readHead(join(folder, file));
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
