/** Tells the process that was started from another one that got its number later. */

import { readFile } from 'node:fs/promises';
import { runCommand } from './run-command.js';

/**
 * When the process began, in the words of its system (ticks since boot on Linux, a date elsewhere): the same text means the same
 * process. Undefined when there is no such process, or only its remains that nobody has collected.
 */
export async function startTimeOf(pid: number): Promise<string | undefined> {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** True when the process of that number is alive and began at `startTime`. */
export async function isSameProcess(pid: number, startTime: string): Promise<boolean> {
  return (await startTimeOf(pid)) === startTime;
}

async function fromProc(pid: number): Promise<string | undefined> {
  const [stat, bootId] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => 'unknown boot'),
  ]);
  if (stat === undefined) return undefined;
  // The name in field 2 may hold spaces and brackets: fields are counted from its end. State is field 3, start time field 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${bootId.trim()} ${fields[19]}`;
}

async function fromPs(pid: number): Promise<string | undefined> {
  const { status, stdout } = await runCommand('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
  const line = stdout.trim();
  return status !== 0 || line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
}
