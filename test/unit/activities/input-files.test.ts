/** What an author is told of the input files. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inputFiles } from '../../../src/activities/input-files.js';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'input-files-'));
  const rows = Array.from({ length: 5_000 }, (_, index) => `${index},${'x'.repeat(index === 2 ? 900 : 3)}`);
  await writeFile(join(folder, 'train.csv'), ['id,y', ...rows].join('\r\n'));
  await writeFile(join(folder, 'test.csv'), 'id\n1\n');
  await writeFile(join(folder, 'extra.json'), '{"a": 1}');
  await writeFile(join(folder, 'description.md'), '# secret words');
  await writeFile(join(folder, 'blob.bin'), Buffer.alloc(10));
  await writeFile(join(tmpdir(), 'input-files-outside.csv'), 'not,mine\n');
  await symlink(join(tmpdir(), 'input-files-outside.csv'), join(folder, 'link.csv'));
  for (const [name, count] of [
    ['pictures', 40],
    ['few', 2],
  ] as const) {
    await mkdir(join(folder, name));
    for (let index = 0; index < count; index += 1)
      await writeFile(join(folder, name, `${String(index).padStart(2, '0')}.png`), 'abcd');
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('tables come first with their first lines, large folders as a count, links not at all', async () => {
  const files = await inputFiles(folder);
  expect(files.map(({ path }) => path)).toEqual([
    'train.csv',
    'test.csv',
    'extra.json',
    'blob.bin',
    'description.md',
    'few/00.png',
    'few/01.png',
    'pictures/: 40 files, such as 00.png, 01.png, 02.png',
  ]);
  const [train, , json, binary, description] = files;
  const lines = train?.head?.split('\n') ?? [];
  expect(lines.slice(0, 3)).toEqual(['id,y', '0,xxx', '1,xxx']);
  expect(lines).toHaveLength(5);
  expect(lines[3]).toMatch(/^2,x{398}…$/);
  expect(json?.head).toBe('{"a": 1}');
  expect([binary?.head, description?.head, binary?.bytes]).toEqual([undefined, undefined, 10]);
  expect(files.at(-1)?.bytes).toBe(160);
});

test('the same folder gives the same list', async () => {
  expect(await inputFiles(folder)).toEqual(await inputFiles(folder));
});
