/** A detached process of the embedded stack: begun by a command, waited for until it works, and outliving the command. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../domain/errors.js';
import { isSameProcess, startTimeOf } from '../stack/process-identity.js';
import { withLock } from '../stack/stack-lock.js';
import type { Places } from './places.js';

const POLL_MS = 50;

export interface Started {
  readonly pid: number;
  readonly startTime: string;
  readonly log: string;
}

/** One command at a time starts or ends a process. Not the lock of the servers, which a worker takes while it comes up. */
export async function oneAtATime<T>(places: Places, lock: string, work: () => Promise<T>): Promise<T> {
  await mkdir(places.cache, { recursive: true });
  return withLock(join(places.cache, lock), () => undefined, work);
}

/** Runs node with `options`; what it prints is appended to `log`. */
export async function startDetached(
  options: readonly string[],
  log: string,
  environment: NodeJS.ProcessEnv,
): Promise<Started> {
  await mkdir(dirname(log), { recursive: true });
  const output = openSync(log, 'a');
  const child = spawn(process.execPath, options, {
    detached: true,
    stdio: ['ignore', output, output],
    env: environment,
  });
  // Without a listener, an error of the start would end this process.
  child.once('error', () => undefined);
  closeSync(output);
  child.unref();
  const { pid } = child;
  if (pid === undefined) throw new Error(`${options.join(' ')} could not be started; see ${log}.`);
  return { pid, startTime: (await startTimeOf(pid)) ?? '', log };
}

/**
 * What `ask` answers once it answers something. `what` begins the sentence: `The worker`.
 * @throws UserError `worker-failed` with the last words of the process when it ends before that, or has not got there within `limitMs`; it
 * is then left to go on.
 */
export async function whenReady<T>(
  what: string,
  { pid, startTime, log }: Started,
  limitMs: number,
  ask: () => T | undefined,
): Promise<T> {
  for (const deadline = Date.now() + limitMs; Date.now() < deadline; await sleep(POLL_MS)) {
    const answer = ask();
    if (answer !== undefined) return answer;
    if (!(await isSameProcess(pid, startTime)))
      throw new UserError(
        'worker-failed',
        `${what} ended while it started:\n  ${lastWords(log)}`,
        `See ${log}, then try again.`,
      );
  }
  throw new UserError(
    'worker-failed',
    `${what} (pid ${pid}) is not ready after ${limitMs / 1000} s:\n  ${lastWords(log)}`,
    `See ${log}; it goes on, so try again when it has come up, or end it with \`automlgen stack down\`.`,
  );
}

/** The text of a file, empty where there is none. */
export function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function lastWords(log: string): string {
  return readIfThere(log).trimEnd().split('\n').slice(-6).join('\n  ');
}
