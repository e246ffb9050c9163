/** What hears no signal must not hold up whoever ends it: the remains of a process that nobody collects stand for one that waits for a broken disk. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { executionIdOf, nodeIdOf } from '../../../../src/domain/ids.js';
import { type ExecutionFolders, foldersOf } from '../../../../src/execution/local/folders.js';
import { forget, stop } from '../../../../src/execution/local/stop.js';
import { RUN } from '../../../support/memory-store.js';

const PLACE = { python: '/nonexistent/python', runtimeFolder: '/nonexistent' };
const SHORT = { obedientMs: 100, killedMs: 200 };

let root: string;
let parent: ChildProcess;
let folders: ExecutionFolders;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'stop-'));
  // The shell becomes a process that never asks after its child.
  parent = spawn('/bin/sh', ['-c', 'true & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [said] = (await once(parent.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  folders = foldersOf(root, executionIdOf(RUN, nodeIdOf(1), '1'));
  mkdirSync(folders.control, { recursive: true });
  writeFileSync(folders.request, '{}');
  writeFileSync(folders.pid, JSON.stringify({ pid: Number(said), startTicks: '', bootId: '' }));
});

afterEach(() => {
  parent.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

test('an execution that survives its kill is a fault that names the process', async () => {
  await expect(stop(PLACE, folders, 'asked', SHORT)).rejects.toThrow(/cannot be stopped: process \d+ survives SIGKILL/);
  expect(existsSync(folders.cancel)).toBe(true);
});

test('one whose supervisor does not go away is not removed, and said so', async () => {
  writeFileSync(folders.status, '{}');
  await expect(forget(PLACE, folders, SHORT)).rejects.toThrow(/cannot be removed: process \d+ does not end/);
  expect(existsSync(folders.status)).toBe(true);
});

test('what never began needs no stopping', async () => {
  rmSync(folders.top, { recursive: true });
  await stop(PLACE, folders, 'asked', SHORT);
  await forget(PLACE, folders, SHORT);
  expect(existsSync(folders.top)).toBe(false);
});
