/** How the prepared tables of an execution reach its pod: copied once to a volume that all pods read, or fetched by each. */
import { createHash } from 'node:crypto';
import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Part } from './parts.js';
import type { KubernetesSettings } from './settings.js';
import { filesOf } from './view-stream.js';

export type ViewData =
  /** Sub-folder of the data volume for each view. */
  | { readonly mode: 'claim'; readonly claim: string; readonly folders: Readonly<Record<string, string>> }
  /** An init container brings them; they take that much of the pod's disk. */
  | { readonly mode: 'fetch'; readonly mebibytes: number };

const MIB = 1024 * 1024;

export async function dataFor({ data }: Pick<KubernetesSettings, 'data'>, spec: Part): Promise<ViewData> {
  if (data.mode === 'fetch') {
    const files = await Promise.all(spec.views.map(({ input }) => filesOf(input)));
    const bytes = files.flat().reduce((sum, file) => sum + file.bytes, 0);
    return { mode: 'fetch', mebibytes: Math.ceil(bytes / MIB) };
  }
  const folders: Record<string, string> = {};
  for (const { name, input } of spec.views) folders[name] = await publish(input, data.folder);
  return { mode: 'claim', claim: data.claim, folders };
}

/** Only what a view shows is copied, never its neighbours: hidden labels stay where the evaluator is. */
async function publish(input: string, volume: string): Promise<string> {
  const name = await nameOf(input);
  const target = join(volume, name);
  if (await exists(target)) return name;
  const temporary = join(volume, `.${name}.${process.pid}.${Math.random().toString(36).slice(2)}`);
  await mkdir(volume, { recursive: true });
  await cp(input, temporary, { recursive: true, dereference: true });
  try {
    await rename(temporary, target);
  } catch (error) {
    // Another process was faster: its copy is as good.
    await rm(temporary, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  }
  return name;
}

/** By place, names, sizes and times: a prepared view never changes, and reading all of it for every program would take long. */
async function nameOf(input: string): Promise<string> {
  const hash = createHash('sha256').update(input);
  for (const { path, bytes } of await filesOf(input)) {
    const { mtimeMs } = await stat(join(input, path));
    hash.update(`\0${path}\0${bytes}\0${mtimeMs}`);
  }
  return `view-${hash.digest('hex').slice(0, 24)}`;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
