import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { blobIdOf } from '../../../src/domain/ids.js';
import { createBlobs } from '../../../src/store/blobs.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blobs-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('text, bytes and files come back under the hash of their content', async () => {
  const blobs = createBlobs(join(folder, 'store'));
  const id = await blobs.save('{"a":1}');
  expect(id).toBe(blobIdOf('{"a":1}'));
  expect(await blobs.readJson(id)).toEqual({ a: 1 });
  await writeFile(join(folder, 'file'), '{"a":1}');
  expect(await blobs.saveFile(join(folder, 'file'))).toEqual({ id, bytes: 7 });
});

test('racing writers of the same blob leave one whole file and nothing else', async () => {
  const blobs = createBlobs(folder);
  const text = 'x'.repeat(100_000);
  const ids = await Promise.all(Array.from({ length: 20 }, () => blobs.save(text)));
  expect(new Set(ids).size).toBe(1);
  const [id] = ids;
  expect(await readdir(join(folder, String(id).slice(0, 2)))).toEqual([id]);
  expect(await blobs.readText(id!)).toBe(text);
});

test('a blob that is not there is an error that names it', async () => {
  await expect(createBlobs(folder).read(blobIdOf('nowhere'))).rejects.toThrow(blobIdOf('nowhere'));
});
