/** Real processes and a real lock; the package that is started is a stand-in that says when it is ready. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startDetached, whenReady } from '../../../src/cli/embedded-process.js';
import { ensureStub, reviveStub, stopStub } from '../../../src/cli/embedded-stub.js';
import { ensureWorker, runningWorker, stopWorker } from '../../../src/cli/embedded-worker.js';
import type { Places } from '../../../src/cli/places.js';
import type { StackConnections } from '../../../src/stack/connections.js';
import { isSameProcess, startTimeOf } from '../../../src/stack/process-identity.js';

let folder: string;
let here: Places;
const begun: number[] = [];

/** Notes its start, is ready after a while, and goes on for at most half a minute. */
const STAND_IN = `
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const [command, ...options] = process.argv.slice(2);
const cache = process.env.STAND_IN_CACHE;
appendFileSync(join(cache, 'begun'), command + ' ' + process.pid + '\\n');
const port = Number(options[options.indexOf('--port') + 1]) || 4321;
const said = command === 'worker' ? String(process.pid) : 'http://127.0.0.1:' + port;
setTimeout(() => writeFileSync(join(cache, command === 'worker' ? 'worker-ready' : 'stub-model-ready'), said), 300);
setTimeout(() => undefined, 30_000);
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'embedded-'));
  const root = join(folder, 'package');
  for (const path of [
    'bin',
    'dist',
    'python/automlgen_runtime',
    'src/authors/composer/templates',
    'src/knowledge/entries',
  ])
    mkdirSync(join(root, path), { recursive: true });
  writeFileSync(join(root, 'bin', 'automlgen.mjs'), STAND_IN);
  writeFileSync(join(root, 'dist', 'build.json'), '{}');
  const cache = join(folder, 'cache');
  mkdirSync(cache);
  process.env.STAND_IN_CACHE = cache;
  const [blobs, prepared, executions, practice, workflowBundle] = ['', '', '', '', ''];
  here = { package: root, cache, blobs, prepared, executions, practice, workflowBundle };
});

afterEach(async () => {
  await stopWorker(here);
  await stopStub(here);
  for (const pid of begun.splice(0)) process.kill(pid, 'SIGKILL');
  delete process.env.STAND_IN_CACHE;
  rmSync(folder, { recursive: true, force: true });
});

const servers = (port: number) =>
  ({ temporalAddress: `127.0.0.1:${port}`, mongodbUri: 'mongodb://127.0.0.1' }) as StackConnections;
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(20)) if (await holds()) return;
  throw new Error('It did not come to that within 20 s.');
}

const starts = () => readFileSync(join(here.cache, 'begun'), 'utf8').trimEnd().split('\n');

test('of several commands at once, one starts the worker and all know it', async () => {
  const workers = await Promise.all([1, 2, 3, 4].map(() => ensureWorker(here, servers(1))));
  expect(starts()).toHaveLength(1);
  expect(workers.filter(({ started }) => started)).toHaveLength(1);
  const running = await runningWorker(here);
  expect(new Set(workers.map(({ pid }) => pid))).toEqual(new Set([running?.pid]));
  expect(await ensureWorker(here, servers(1))).toMatchObject({ pid: running?.pid, started: false });
});

test('a worker of other servers is replaced, and the old one has ended', async () => {
  const first = await ensureWorker(here, servers(1));
  const identity = await runningWorker(here);
  const second = await ensureWorker(here, servers(2));
  expect(second).toMatchObject({ started: true });
  expect(second.pid).not.toBe(first.pid);
  expect(await isSameProcess(first.pid, identity?.startTime ?? '')).toBe(false);
  expect(await stopWorker(here)).toBe(true);
  expect(await runningWorker(here)).toBeUndefined();
  expect(await stopWorker(here)).toBe(false);
});

test('of several commands at once, one starts the stub model, and one starts it again on its port', async () => {
  const urls = await Promise.all([1, 2, 3].map(() => ensureStub(here, [])));
  expect(starts()).toHaveLength(1);
  expect(new Set(urls)).toEqual(new Set(['http://127.0.0.1:4321/v1']));
  const pid = Number(starts()[0]?.split(' ')[1]);
  process.kill(pid, 'SIGKILL');
  await until(async () => (await startTimeOf(pid)) === undefined);
  await Promise.all([reviveStub(here), reviveStub(here)]);
  expect(starts()).toHaveLength(2);
  expect(await ensureStub(here, [])).toBe('http://127.0.0.1:4321/v1');
});

test('what does not come up in its time is a fault with its last words, not a success', async () => {
  const log = join(folder, 'logs', 'slow.log');
  const started = await startDetached(
    ['-e', 'console.log("still building"); setTimeout(() => {}, 20000)'],
    log,
    process.env,
  );
  begun.push(started.pid);
  await until(() => existsSync(log) && readFileSync(log, 'utf8').includes('\n'));
  await expect(whenReady('The worker', started, 300, () => undefined)).rejects.toMatchObject({
    code: 'worker-failed',
    message: expect.stringMatching(/^The worker \(pid \d+\) is not ready after 0\.3 s:\n {2}still building/),
  });
  expect(await isSameProcess(started.pid, started.startTime)).toBe(true);
});

test('what ends before it is ready is told at once', async () => {
  const log = join(folder, 'logs', 'dead.log');
  const started = await startDetached(['-e', 'console.error("no such queue"); process.exit(3)'], log, process.env);
  const began = Date.now();
  await expect(whenReady('The worker', started, 60_000, () => undefined)).rejects.toMatchObject({
    code: 'worker-failed',
    message: expect.stringContaining('no such queue'),
  });
  expect(Date.now() - began).toBeLessThan(30_000);
});
