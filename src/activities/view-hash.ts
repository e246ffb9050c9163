/** What a view holds, as one number that a program inside the sandbox can compute as well. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';

export interface ViewHash {
  readonly files: number;
  readonly bytes: number;
  /** SHA-256 over `path, NUL, SHA-256 of the content, newline` of every file, in the order of the paths' bytes. */
  readonly hash: string;
}

export async function hashView(folder: string): Promise<ViewHash> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => Buffer.from(relative(folder, join(entry.parentPath, entry.name))))
    .sort(Buffer.compare);
  const digest = createHash('sha256');
  let bytes = 0;
  for (const path of paths) {
    const file = join(folder, path.toString());
    bytes += (await stat(file)).size;
    digest.update(path).update(`\0${await contentHash(file)}\n`);
  }
  return { files: paths.length, bytes, hash: digest.digest('hex') };
}

async function contentHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
