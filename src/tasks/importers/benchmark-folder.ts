/** A planned competition on disk: links to its public files, `task.toml`, and `benchmark.json` for the grader. */
import { link, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stringify } from 'smol-toml';
import { UserError } from '../../domain/errors.js';
import type { Task } from '../../domain/task.js';
import { loadTaskFolder } from '../folder.js';
import { isFile, isFolder } from '../table-files.js';
import { BenchmarkPlan, type PlannedBenchmark } from './benchmark-plan.js';

const PLAN = 'benchmark.json';

export interface ImportedFolder {
  readonly folder: string;
  readonly plan: BenchmarkPlan;
}

/**
 * `public` links to the prepared files and holds tables made from them; the private ones are named by `benchmark.json` only, which
 * lies outside `public`. A folder that an import made earlier is replaced; any other that is not empty is refused.
 * @throws UserError `benchmark-invalid`
 */
export async function writeImport({ plan, derived }: PlannedBenchmark, to: string): Promise<ImportedFolder> {
  const folder = resolve(to);
  await emptied(folder);
  const shown = join(folder, 'public');
  if (derived.length === 0) await symlink(plan.publicFolder, shown);
  else await linkEntries(plan.publicFolder, shown);
  for (const { name, make } of derived) {
    const path = join(shown, name);
    await rm(path, { force: true });
    await writeFile(path, await make());
  }
  await writeFile(join(folder, 'task.toml'), taskToml(plan.task));
  const checked = await withinReach(plan, folder);
  await writeFile(join(folder, PLAN), `${JSON.stringify(checked, null, 2)}\n`);
  return { folder, plan: checked };
}

/** @throws UserError `benchmark-invalid` for a folder that no import made. */
export async function readImport(path: string): Promise<ImportedFolder> {
  const folder = resolve(path);
  const text = await readFile(join(folder, PLAN), 'utf8').catch(() => undefined);
  const parsed = BenchmarkPlan.safeParse(text === undefined ? undefined : jsonOf(text));
  if (parsed.success) return { folder, plan: parsed.data };
  throw new UserError(
    'benchmark-invalid',
    `${folder} has no ${PLAN} that can be read.`,
    'Import the competition first: automlgen benchmark import <prepared folder> --mle-bench <checkout>',
  );
}

/** A task that our loader refuses is still imported: as one that scores itself, with the reason. */
async function withinReach(plan: BenchmarkPlan, folder: string): Promise<BenchmarkPlan> {
  const refusal = await refusalOf(folder);
  if (refusal === undefined) return plan;
  const task: Task = { ...plan.task, ruler: 'script' };
  await writeFile(join(folder, 'task.toml'), taskToml(task));
  const note = `Self-reported scores (ruler "script"): ${refusal}`;
  return { ...plan, task, notes: plan.task.ruler === 'script' ? plan.notes : [...plan.notes, note] };
}

async function refusalOf(folder: string): Promise<string | undefined> {
  try {
    await loadTaskFolder(folder);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

async function emptied(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const ours = names.length === 0 || (await isFile(join(folder, PLAN)));
  if (!ours) {
    throw new UserError(
      'option-invalid',
      `The folder ${folder} is not empty and no import made it.`,
      'Name another folder with --to.',
    );
  }
  for (const name of ['public', 'task.toml', PLAN]) await rm(join(folder, name), { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}

/** Hard links, so that a file is where it seems to be; symbolic ones for folders and across file systems. */
async function linkEntries(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (await isFolder(source)) await symlink(source, target);
    else await link(source, target).catch(() => symlink(source, target));
  }
}

/** In task.toml several targets are written as a list under `target`. */
export function taskToml({ targets, ...task }: Task): string {
  return stringify({ ...task, ...(targets && { target: targets }) });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
