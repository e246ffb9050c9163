import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { withLock } from '../../../src/stack/stack-lock.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'automlgen-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const nobody = (): void => undefined;

test('the work of two callers never overlaps, and the one that waits says for whom, once', async () => {
  const path = join(folder, 'lock');
  const waitedFor: number[] = [];
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++inside);
    await pause(250);
    inside -= 1;
  };
  await Promise.all([1, 2, 3].map(() => withLock(path, (pid) => waitedFor.push(pid), work)));
  expect(most).toBe(1);
  expect(waitedFor).toEqual([process.pid, process.pid]);
  expect(readdirSync(folder)).toEqual([]);
});

test('a lock whose owner is gone is taken over without waiting', async () => {
  const path = join(folder, 'lock');
  writeFileSync(path, `${process.pid}\nanother boot 12345`);
  const waited: number[] = [];
  expect(
    await withLock(
      path,
      (pid) => waited.push(pid),
      async () => 'done',
    ),
  ).toBe('done');
  expect(waited).toEqual([]);
  expect(existsSync(path)).toBe(false);
});

test('a failure frees the lock and is passed on', async () => {
  const path = join(folder, 'lock');
  const failing = withLock(path, nobody, async () => Promise.reject(new Error('inside')));
  await expect(failing).rejects.toThrow('inside');
  expect(await withLock(path, nobody, async () => 2)).toBe(2);
});
