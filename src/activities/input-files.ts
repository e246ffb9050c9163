/** The input files of a program as an author may see them: names, sizes, and the first lines of tables and texts. */
import { open, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { InputFile } from '../authors/port.js';

/** The description is told by itself, and texts of rows would be told by their first one. */
const READABLE = new Set(['.csv', '.tsv', '.json', '.jsonl']);
const FIRST = ['train.csv', 'test.csv', 'sample_submission.csv'];
const HEAD_BYTES = 16_384;
const HEAD_LINES = 5;
const LONGEST_LINE = 400;
/** A folder with more is told by its count and a few names. */
const MOST_FILES = 12;
const EXAMPLES = 3;

/** `folder` is a view. The task's tables first, then other tables, then by name. Links are not followed. */
export async function inputFiles(folder: string): Promise<readonly InputFile[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = await Promise.all(entries.filter((entry) => entry.isFile()).map(({ name }) => fileAt(folder, name)));
  const folders = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map(({ name }) => folderAt(folder, name)),
  );
  return [...files, ...folders.flat()].sort((a, b) => placeOf(a) - placeOf(b));
}

function placeOf({ path, head }: InputFile): number {
  const place = FIRST.indexOf(path);
  if (place >= 0) return place;
  return head === undefined ? FIRST.length + 1 : FIRST.length;
}

async function fileAt(folder: string, path: string): Promise<InputFile> {
  const whole = join(folder, path);
  const { size } = await stat(whole);
  return READABLE.has(extname(path).toLowerCase())
    ? { path, bytes: size, head: await headOf(whole) }
    : { path, bytes: size };
}

async function folderAt(folder: string, path: string): Promise<readonly InputFile[]> {
  const names = (await readdir(join(folder, path))).sort();
  if (names.length <= MOST_FILES) {
    const inside = names.map(async (name) => ({
      path: `${path}/${name}`,
      bytes: (await stat(join(folder, path, name))).size,
    }));
    return Promise.all(inside);
  }
  const examples = names.slice(0, EXAMPLES);
  const sizes = await Promise.all(examples.map(async (name) => (await stat(join(folder, path, name))).size));
  const mean = sizes.reduce((sum, size) => sum + size, 0) / EXAMPLES;
  return [
    { path: `${path}/: ${names.length} files, such as ${examples.join(', ')}`, bytes: Math.round(mean * names.length) },
  ];
}

async function headOf(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split(/\r?\n/).slice(0, HEAD_LINES);
    return lines.map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line)).join('\n');
  } finally {
    await file.close();
  }
}
