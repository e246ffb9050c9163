/** Files that are there whole or not at all, whoever else writes them: a repeated activity may meet its own earlier attempt on another machine. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export function writeWhole(path: string, text: string): Promise<void> {
  return placeWhole(path, (temporary) => writeFile(temporary, text));
}

/** Has `make` write a file beside `path`, which takes its place once it is complete; the folder is made when missing. */
export async function placeWhole<T>(path: string, make: (temporary: string) => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.new`;
  try {
    const made = await make(temporary);
    await rename(temporary, path);
    return made;
  } finally {
    await rm(temporary, { force: true });
  }
}
