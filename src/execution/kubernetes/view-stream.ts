/** The files of a view as one stream: a line of JSON with path and size before the bytes of each, a last line that says it was all. */

import { once } from 'node:events';
import { open, readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Writable } from 'node:stream';

export interface ViewFile {
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
}

/** Every file below the folder, in the order of their names. */
export async function filesOf(folder: string): Promise<readonly ViewFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  const files = await Promise.all(
    paths.sort().map(async (path) => ({ path: relative(folder, path), info: await stat(path) })),
  );
  return files.filter(({ info }) => info.isFile()).map(({ path, info }) => ({ path, bytes: info.size }));
}

export async function sendView(folder: string, target: Writable): Promise<void> {
  const files = await filesOf(folder);
  for (const { path, bytes } of files) {
    await write(target, `${JSON.stringify({ path, bytes })}\n`);
    await sendFile(join(folder, path), bytes, target);
  }
  await write(target, `${JSON.stringify({ end: true, files: files.length })}\n`);
  target.end();
}

/** Exactly `bytes`, or it throws: prepared tables do not change. */
async function sendFile(path: string, bytes: number, target: Writable): Promise<void> {
  const file = await open(path);
  try {
    let sent = 0;
    for await (const chunk of file.createReadStream({ autoClose: false })) {
      sent += (chunk as Buffer).length;
      await write(target, chunk as Buffer);
    }
    if (sent !== bytes) throw new Error(`${path} changed while it was sent`);
  } finally {
    await file.close();
  }
}

async function write(target: Writable, chunk: string | Buffer): Promise<void> {
  if (target.destroyed) throw new Error('the receiver has gone');
  if (target.write(chunk)) return;
  const settled = new AbortController();
  const { signal } = settled;
  const waits = [once(target, 'drain', { signal }), once(target, 'close', { signal })];
  try {
    await Promise.race(waits);
  } finally {
    // The one that lost would listen until the stream ends.
    settled.abort();
    await Promise.allSettled(waits);
  }
}
