/** What hears no signal must not hold up whoever ends it: the remains of a process that nobody collects stand for one that waits for a broken disk. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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
  // The shell becomes a process that never asks after its child; before it has, it might.
  parent = spawn('/bin/sh', ['-c', 'sleep 61 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [said] = (await once(parent.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  await until(() => argumentsOf(Number(parent.pid)) === 'sleep 60');
  process.kill(Number(said), 'SIGKILL');
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

function argumentsOf(pid: number): string {
  const cmdline = `/proc/${pid}/cmdline`;
  const said = existsSync(cmdline)
    ? readFileSync(cmdline, 'utf8').replaceAll('\0', ' ')
    : execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  return said.trim();
}

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !holds(); turn += 1) await sleep(10);
  expect(holds()).toBe(true);
}
