/** Finds a program on PATH without asking a shell. */

import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** Absolute path of the first executable of this name, or undefined. Relative entries of PATH are skipped. */
export async function findProgram(name: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (isAbsolute(folder) && (await isExecutable(path))) return path;
  }
  return undefined;
}

export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Compares dotted versions by their numbers: `atLeast('1.10.2', '1.9')` is true. */
export function atLeast(version: string, minimum: string): boolean {
  const have = version.split('.').map(Number);
  const need = minimum.split('.').map(Number);
  const differing = need.findIndex((part, index) => (have[index] ?? 0) !== part);
  return differing < 0 || (have[differing] ?? 0) > (need[differing] ?? 0);
}
