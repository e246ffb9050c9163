import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from '@jest/globals';
import { isSameProcess, startTimeOf } from '../../../src/stack/process-identity.js';
import { stopProcess } from '../../../src/stack/server-process.js';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function start(program: string): Promise<{ child: ChildProcess; pid: number; startTime: string }> {
  const child = spawn(process.execPath, ['-e', `${program}; console.log('up')`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await once(child.stdout!, 'data');
  const pid = child.pid!;
  return { child, pid, startTime: (await startTimeOf(pid))! };
}

const WAIT = 'setInterval(() => 0, 1000)';

test('a start time stays the same while the process lives and is gone with it', async () => {
  const { child, pid, startTime } = await start(WAIT);
  expect(startTime).toMatch(/\d/);
  expect(await startTimeOf(pid)).toBe(startTime);
  expect(await isSameProcess(pid, startTime)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await startTimeOf(pid)).toBeUndefined();
  expect(await isSameProcess(pid, startTime)).toBe(false);
});

test('a process that has the pid of another is neither taken for it nor signalled', async () => {
  const { child, pid, startTime } = await start(WAIT);
  const earlier = startTime.replace(/\d+$/, (ticks) => String(Number(ticks) - 1));
  expect(await isSameProcess(pid, earlier)).toBe(false);
  expect(await stopProcess({ pid, startTime: earlier })).toBe(false);
  expect(child.exitCode).toBeNull();
  expect(child.signalCode).toBeNull();
  expect(await isSameProcess(pid, startTime)).toBe(true);
});

test('SIGTERM comes first, SIGKILL only for a process that ignores it', async () => {
  const polite = await start(`process.on('SIGTERM', () => process.exit(7)); ${WAIT}`);
  const left = once(polite.child, 'exit');
  expect(await stopProcess(polite)).toBe(true);
  expect(await left).toEqual([7, null]);
  const stubborn = await start(`process.on('SIGTERM', () => 0); ${WAIT}`);
  const killed = once(stubborn.child, 'exit');
  expect(await stopProcess(stubborn, 200)).toBe(true);
  expect(await killed).toEqual([null, 'SIGKILL']);
});

test('the remains of a process that nobody collected do not count as alive', async () => {
  if (process.platform !== 'linux') return;
  // A shell that has become `sleep` never collects its child.
  const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(parent);
  const [line] = (await once(parent.stdout!, 'data')) as [Buffer];
  await new Promise((resolve) => setTimeout(resolve, 600));
  const pid = Number(line.toString());
  expect(() => process.kill(pid, 0)).not.toThrow();
  expect(await startTimeOf(pid)).toBeUndefined();
});
