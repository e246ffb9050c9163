/** Scripts that start a node leave nothing behind, however they end. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createProcesses } from '../../../bin/processes.mjs';

const GUARD = resolve('test/kubernetes/tier/guard.sh');
let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'automlgen-processes-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const processes = () => createProcesses({ cwd: scratch, environment: process.env });

test('a command is run to its end, with what it printed and its exit code', async () => {
  const { run } = processes();
  const words = ['sh', '-c', 'echo out; echo err >&2; exit 3'];
  const { code, text } = await run(words, { minutes: 1, keep: true, silent: true });
  expect({ code, lines: text.trim().split('\n').sort() }).toEqual({ code: 3, lines: ['err', 'out'] });
  expect((await run(['/no/such/program'], { minutes: 1, keep: true, silent: true })).code).toBe(1);
});

test('one that takes too long is ended with all that it started', async () => {
  const { run } = processes();
  const mark = join(scratch, 'child');
  const script = `sleep 300 & echo $! > ${mark}; wait`;
  const { code } = await run(['sh', '-c', script], { minutes: 0.01, keep: true, silent: true });
  expect(code).toBe(124);
  await until(() => !runs(Number(readFileSync(mark, 'utf8'))));
});

test('killed without a word, the guard ends what ran and clears up', async () => {
  const mark = join(scratch, '..', `${scratch.split('/').at(-1)}-child`);
  const script = join(scratch, 'script.mjs');
  writeFileSync(
    script,
    `import { createProcesses } from ${JSON.stringify(resolve('bin/processes.mjs'))};
const { run } = createProcesses({ cwd: '/', environment: process.env, guard: [${JSON.stringify(GUARD)}, ${JSON.stringify(scratch)}] });
await run(['sh', '-c', 'true'], { minutes: 1 });
await run(['sh', '-c', 'trap "" TERM; echo $$ > ${mark}; while :; do sleep 0.1; done'], { minutes: 1 });`,
  );
  const killed = spawn(process.execPath, [script], {
    stdio: 'ignore',
    env: { ...process.env, GUARD_GRACE_SECONDS: '1' },
  });
  try {
    await until(() => existsSync(mark) && readFileSync(mark, 'utf8').endsWith('\n'));
    const pid = Number(readFileSync(mark, 'utf8'));
    expect(runs(pid)).toBe(true);
    killed.kill('SIGKILL');
    // It does not listen to the order to end, so it is killed a second later.
    await until(() => !runs(pid) && !existsSync(scratch));
  } finally {
    killed.kill('SIGKILL');
    rmSync(mark, { force: true });
  }
});

function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 45_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('it did not come to pass within 45 s');
    await sleep(50);
  }
}
