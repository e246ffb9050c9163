/** Starts a server that outlives its caller, and stops exactly that one. */

import { spawn } from 'node:child_process';
import { open, readFile, rename } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSameProcess, startTimeOf } from './process-identity.js';

export interface ProcessRecord {
  readonly pid: number;
  readonly startTime: string;
}

/** Starts it in a session of its own with both streams in `logPath`; the log before it is kept as `<logPath>.1`. */
export async function startDetached(
  file: string,
  args: readonly string[],
  logPath: string,
  environment: NodeJS.ProcessEnv,
): Promise<ProcessRecord> {
  await rename(logPath, `${logPath}.1`).catch(() => undefined);
  const log = await open(logPath, 'a');
  try {
    const child = spawn(file, args, { detached: true, stdio: ['ignore', log.fd, log.fd], env: environment });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    const pid = child.pid ?? 0;
    // A process that has ended already gets a start time that no other can have.
    return { pid, startTime: (await startTimeOf(pid)) ?? 'ended at once' };
  } finally {
    await log.close();
  }
}

/** SIGTERM, then SIGKILL after `graceMs`. Returns false when that very process was not running; never signals another one. */
export async function stopProcess({ pid, startTime }: ProcessRecord, graceMs = 15_000): Promise<boolean> {
  if (!(await isSameProcess(pid, startTime))) return false;
  signal(pid, 'SIGTERM');
  for (const until = Date.now() + graceMs; Date.now() < until; await sleep(50)) {
    if (!(await isSameProcess(pid, startTime))) return true;
  }
  signal(pid, 'SIGKILL');
  while (await isSameProcess(pid, startTime)) await sleep(20);
  return true;
}

/** The last lines of a log, for an error message; empty when there is none. */
export async function lastLines(logPath: string, count: number): Promise<string> {
  const text = await readFile(logPath, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-count).join('\n');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
