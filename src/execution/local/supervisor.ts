/** Starts and finds the detached Python process that owns an execution. */
import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson } from './files.js';
import type { ExecutionFolders } from './folders.js';
import { isAlive, ProcessIdentity } from './process-alive.js';

/** The supervisor found that another one owns the execution. */
export const OWNED_BY_ANOTHER = 75;

export function entryCommand(runtimeFolder: string, ...words: readonly string[]): readonly string[] {
  return ['-I', '-S', join(runtimeFolder, 'automlgen_runtime', 'entry'), ...words];
}

export interface SupervisorProcess {
  readonly pid: number | undefined;
  /** The exit code, or null when it was killed; for as long as this process lives to see it. */
  readonly ended: Promise<number | null>;
}

/** Detached, with no pipe to us: it goes on when this process is killed. */
export async function startSupervisor(
  python: string,
  runtimeFolder: string,
  folders: ExecutionFolders,
): Promise<SupervisorProcess> {
  const log = await open(folders.log, 'a', 0o600);
  try {
    const child = spawn(python, entryCommand(runtimeFolder, 'supervise', folders.top), {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      cwd: '/',
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' },
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    ended.catch(() => undefined);
    child.unref();
    return { pid: child.pid, ended };
  } finally {
    await log.close();
  }
}

/** The living supervisor of an execution, whoever started it. */
export async function livingSupervisor(folders: ExecutionFolders): Promise<ProcessIdentity | undefined> {
  const identity = await readJson(folders.pid, ProcessIdentity);
  return identity && (await isAlive(identity)) ? identity : undefined;
}
