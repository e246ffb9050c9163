/** The one folder that the embedded stack writes to, and the checks that let it fail early and clearly. */

import { mkdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../domain/errors.js';

export interface CacheFolder {
  readonly root: string;
  /** Downloaded programs, one folder per name and version; never changed after they are complete. */
  readonly tools: string;
  /** Python environments, one folder per lock file and interpreter version. */
  readonly python: string;
  /** What the servers store. The only part that cannot be fetched again. */
  readonly data: string;
  readonly logs: string;
  readonly stateFile: string;
  readonly lockFile: string;
}

/** `AUTOMLGEN_CACHE`, else `~/.cache/automlgen`. Touches nothing. */
export function cacheFolder(environment: NodeJS.ProcessEnv): CacheFolder {
  const root = resolve(environment.AUTOMLGEN_CACHE || join(homedir(), '.cache', 'automlgen'));
  return {
    root,
    tools: join(root, 'tools'),
    python: join(root, 'python'),
    data: join(root, 'data'),
    logs: join(root, 'logs'),
    stateFile: join(root, 'stack.json'),
    lockFile: join(root, 'stack.lock'),
  };
}

/** Makes the folders. Throws `cache-unwritable` when one cannot be made or written, `disk-full` when there is no room for a byte. */
export async function prepareCache(cache: CacheFolder): Promise<void> {
  const probe = join(cache.root, `.probe-${process.pid}`);
  try {
    for (const folder of [cache.root, cache.tools, cache.python, cache.data, cache.logs]) {
      await makeFolder(folder);
    }
    await writeFile(probe, 'x');
    await rm(probe, { force: true });
  } catch (error) {
    throw cacheFault(cache.root, error);
  }
}

/** `mkdir -p`. Node's own recursive form never returns below a folder that refuses children as if they were missing, such as /proc. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await isFolder(path))) return;
    if (code !== 'ENOENT' || (await isFolder(dirname(path)))) throw error;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

/** Throws `disk-full` when the disk of `folder` has less than `neededBytes` free. */
export async function requireFreeSpace(folder: string, neededBytes: number, purpose: string): Promise<void> {
  const freeBytes = await freeSpace(folder);
  if (freeBytes < neededBytes) {
    throw new UserError(
      'disk-full',
      `${purpose} needs ${inMegabytes(neededBytes)} and ${folder} has ${inMegabytes(freeBytes)} free.`,
      'Free some space, or set AUTOMLGEN_CACHE to a folder on a larger disk.',
    );
  }
}

/** Bytes that this user may still write on the disk of `folder`. */
export async function freeSpace(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

export function inMegabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}

function cacheFault(root: string, cause: unknown): UserError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new UserError('disk-full', `The disk of ${root} is full.`, 'Free some space, or set AUTOMLGEN_CACHE.', {
      cause,
    });
  }
  return new UserError(
    'cache-unwritable',
    `The cache folder ${root} cannot be written (${code}).`,
    'Make it writable, or set AUTOMLGEN_CACHE to a folder that is.',
    { cause },
  );
}
