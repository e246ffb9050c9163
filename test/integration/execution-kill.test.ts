/** What survives the death of whom: the executor's process, the supervisor, and the tokens they hold. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ExecutionSpec } from '../../src/domain/execution-spec.js';
import { type Bench, createBench, processesOf, RUNTIME_FOLDER, testPython, WRITE } from '../support/execution-setup.js';

let bench: Bench;
beforeEach(() => {
  bench = createBench({ slots: 1 });
});
afterEach(() => bench.close());

test('a supervisor goes on when the process that started it is killed; another process gets the result', async () => {
  const spec = marked(`import time; time.sleep(1.5)\nprint('all of it')\n${WRITE}`);
  await writeRequestOnly(spec);
  const starter = startedElsewhere(spec);
  await until(() => existsSync(control(spec, 'starts.log')));
  starter.kill('SIGKILL');

  const handle = await bench.another().submit(spec);
  expect(handle.adopted).toBe(true);
  expect(await bench.executor.wait(handle)).toMatchObject({ kind: 'finished', stdoutTail: 'all of it\n' });
  expect(readFileSync(control(spec, 'starts.log'), 'utf8').trim().split('\n')).toHaveLength(1);
});

test('a supervisor that dies leaves nothing behind, is recorded as lost, and gives its token back', async () => {
  const spec = marked(`import os, time\nif os.fork() == 0: os.setsid()\ntime.sleep(60)`);
  const handle = await bench.executor.submit(spec);
  await until(() => processesOf(spec.id).length >= 2);
  process.kill(supervisorOf(spec), 'SIGKILL');

  expect(await bench.executor.wait(handle)).toMatchObject({ kind: 'infrastructure', cause: 'supervisor-lost' });
  expect(processesOf(spec.id)).toEqual([]);
  expect(await bench.executor.submit(spec)).toEqual({ id: spec.id, adopted: true });
  expect(readFileSync(control(spec, 'starts.log'), 'utf8').trim().split('\n')).toHaveLength(1);
  expect(await bench.run(WRITE)).toMatchObject({ kind: 'finished' });
});

test('an adopted execution owns its token: a new one waits until it has ended', async () => {
  const first = marked(`import time; time.sleep(1.2)\n${WRITE}`);
  await bench.executor.submit(first);
  const before = Date.now();
  const second = await bench.another().submit(marked(WRITE));
  expect(Date.now() - before).toBeGreaterThan(700);
  expect(existsSync(control(first, 'status.json'))).toBe(true);
  expect(await bench.executor.wait(second)).toMatchObject({ kind: 'finished' });
});

test('a supervisor that is killed while it waits in the queue does not hold the queue up', async () => {
  const first = marked('import time; time.sleep(60)');
  await bench.executor.submit(first);
  const waiting = marked(WRITE);
  await bench.executor.submit(waiting, { signal: AbortSignal.timeout(500) }).catch(() => undefined);
  process.kill(supervisorOf(waiting), 'SIGKILL');
  const last = bench.executor.submit(marked(WRITE));
  await bench.executor.cancel(first.id, 'make room');
  expect(await bench.executor.wait(await last)).toMatchObject({ kind: 'finished' });
  expect(await bench.executor.wait({ id: waiting.id, adopted: true })).toMatchObject({ cause: 'supervisor-lost' });
});

function marked(program: string): ExecutionSpec {
  const spec = bench.spec(program);
  return { ...spec, environment: { AUTOMLGEN_TEST_MARK: spec.id } };
}

function control(spec: ExecutionSpec, name: string): string {
  return join(bench.root, 'executor', 'executions', spec.id, 'control', name);
}

function supervisorOf(spec: ExecutionSpec): number {
  return JSON.parse(readFileSync(control(spec, 'pid.json'), 'utf8')).pid;
}

/** Leaves the request as an executor would that was killed between writing it and starting the supervisor. */
async function writeRequestOnly(spec: ExecutionSpec): Promise<void> {
  const first = await bench.executor.submit(bench.spec(WRITE));
  await bench.executor.wait(first);
  const settings = JSON.parse(
    readFileSync(join(bench.root, 'executor/executions', first.id, 'control/request.json'), 'utf8'),
  );
  await bench.executor.release(first.id);
  mkdirSync(control(spec, '.'), { recursive: true });
  writeFileSync(control(spec, 'program.py'), await bench.blobs.read(spec.program));
  writeFileSync(control(spec, 'request.json'), JSON.stringify({ ...settings, ...spec }));
}

/** Another Node process that starts the supervisor as the executor does, and then waits to be killed. */
function startedElsewhere(spec: ExecutionSpec): ChildProcess {
  const entry = join(RUNTIME_FOLDER, 'automlgen_runtime', 'entry');
  const words = [testPython(), '-I', '-S', '-B', entry, 'supervise', control(spec, '..')];
  const code = `const [python, ...rest] = ${JSON.stringify(words)};
    require('node:child_process').spawn(python, rest, { detached: true, stdio: 'ignore' }).unref();
    setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ['-e', code], { stdio: 'inherit' });
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !condition(); turn += 1) await sleep(20);
  expect(condition()).toBe(true);
}
