/** How the prepared tables of an execution reach its pod: copied once to a volume that all pods read, or fetched by each. */
import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionSpec } from '../../domain/execution-spec.js';
import type { Part } from './parts.js';
import type { KubernetesSettings } from './settings.js';
import { filesOf } from './view-stream.js';

export type ViewData =
  /** Sub-folder of the data volume for each view. */
  | { readonly mode: 'claim'; readonly claim: string; readonly folders: Readonly<Record<string, string>> }
  /** An init container brings them; they take that much of the pod's disk. */
  | { readonly mode: 'fetch'; readonly mebibytes: number };

const MIB = 1024 * 1024;
const UNUSED_MS = 24 * 3600 * 1000;
/** A view, or one that is being copied or removed; nothing else on the volume is ours. */
const OWN = /^(view-[0-9a-f]{24}|\.view-[0-9a-f]{24}\..+)$/;

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
  if (await use(target)) return name;
  const temporary = join(volume, hidden(name));
  await mkdir(volume, { recursive: true });
  try {
    await cp(input, temporary, { recursive: true, dereference: true });
    await makeReadable(temporary);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another process was faster: its copy is as good.
    if (!(await use(target))) throw error;
  }
  return name;
}

/** A program has another user than we, and on a shared volume Kubernetes gives it no group. */
async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
}

/** True when it is there. The time of a folder is that of its last use. */
async function use(path: string): Promise<boolean> {
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

const hidden = (name: string): string => `.${name}.${process.pid}.${Math.random().toString(36).slice(2)}`;

/** The folders on the volume that these executions read; none for views that are gone themselves. */
export async function foldersOf(specs: readonly ExecutionSpec[]): Promise<ReadonlySet<string>> {
  const inputs = new Set(specs.flatMap(({ views }) => views.map(({ input }) => input)));
  const names = await Promise.all([...inputs].map((input) => nameOf(input).catch(() => undefined)));
  return new Set(names.flatMap((name) => name ?? []));
}

/** Takes from the volume what nobody has used for a day, and what was left half copied. */
export async function removeStale(volume: string, inUse: ReadonlySet<string>, now = Date.now()): Promise<void> {
  const names = await readdir(volume).catch(() => []);
  for (const name of names.filter((one) => OWN.test(one) && !inUse.has(one))) {
    if (!(await isOld(join(volume, name), now))) continue;
    // Out of sight first: whoever takes it into use in this very moment makes it new, or finds it gone and copies it again.
    const aside = join(volume, hidden(name.replace(/^\.|\..*$/g, '')));
    if (!(await moved(join(volume, name), aside))) continue;
    const back = !(await isOld(aside, now)) && (await moved(aside, join(volume, name)));
    // What cannot be removed now, the next sweep meets again.
    if (!back) await rm(aside, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function isOld(path: string, now: number): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info !== undefined && now - info.mtimeMs > UNUSED_MS;
}

function moved(from: string, to: string): Promise<boolean> {
  return rename(from, to).then(
    () => true,
    () => false,
  );
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
