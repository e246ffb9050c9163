/** Content-addressed bytes in a directory: programs, plans, outcomes, predictions. A blob never changes once it exists. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BlobId, blobIdOf } from '../domain/ids.js';

export interface Blobs {
  save(bytes: Uint8Array | string): Promise<BlobId>;
  /** Copies a regular file into the store. */
  saveFile(path: string): Promise<{ readonly id: BlobId; readonly bytes: number }>;
  read(id: BlobId): Promise<Uint8Array>;
  readText(id: BlobId): Promise<string>;
  readJson(id: BlobId): Promise<unknown>;
  /** A local path with the bytes, for processes that read files; never write to it. */
  pathOf(id: BlobId): string;
}

/** `folder` is made when missing, for this user alone: it holds what programs wrote, and other programs must not read it. Writes go through a temporary file, so a killed process leaves no half blob. */
export function createBlobs(folder: string): Blobs {
  const pathOf = (id: BlobId): string => join(folder, id.slice(0, 2), id);
  const place = async (id: BlobId, write: (temporary: string) => Promise<void>): Promise<void> => {
    const path = pathOf(id);
    if (await exists(path)) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${randomUUID()}`;
    try {
      await write(temporary);
      await rename(temporary, path);
    } finally {
      await rm(temporary, { force: true });
    }
  };
  return {
    pathOf,
    async save(bytes) {
      const id = blobIdOf(bytes);
      await place(id, (temporary) => writeFile(temporary, bytes));
      return id;
    },
    async saveFile(path) {
      const id = await hashOf(path);
      await place(id, (temporary) => copyFile(path, temporary));
      return { id, bytes: (await stat(pathOf(id))).size };
    },
    read: (id) => readFile(pathOf(id)),
    readText: (id) => readFile(pathOf(id), 'utf8'),
    async readJson(id) {
      return JSON.parse(await readFile(pathOf(id), 'utf8'));
    },
  };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function hashOf(path: string): Promise<BlobId> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return BlobId.parse(hash.digest('hex'));
}
