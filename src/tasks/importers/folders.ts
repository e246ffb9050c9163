/** Small questions to the file system that importers ask. */
import { readdir } from 'node:fs/promises';

/** Names of the folders in a folder; none where there is no such folder. */
export async function foldersIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
