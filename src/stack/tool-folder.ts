/** Folders of downloaded programs: named after the content of their lock file, complete or not there at all. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CacheFolder } from './cache-folder.js';
import { packageFile } from './package-root.js';

/** Each names `python/requirements-tool-<name>.lock`. */
export type ToolName = 'uv' | 'temporal' | 'sandbox' | 'java' | 'jars' | 'practice';

export function toolLock(name: ToolName): string {
  return packageFile('python', `requirements-tool-${name}.lock`);
}

/** Where the tool is or would be: a changed lock file gives another folder. */
export function toolFolder(cache: CacheFolder, name: ToolName): string {
  return join(cache.tools, `${name}-${contentHash([toolLock(name)])}`);
}

/** Twelve hexadecimal digits that change with the content of any of the files. */
export function contentHash(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(readFileSync(path));
  return hash.digest('hex').slice(0, 12);
}

/** Fills a new folder and gives it its name only when it is complete; what an interrupted one left is thrown away. */
export async function fillOnce(folder: string, fill: (temporary: string) => Promise<void>): Promise<string> {
  if (await exists(folder)) return folder;
  const temporary = `${folder}.part`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  try {
    await fill(temporary);
    await rename(temporary, folder);
    return folder;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
