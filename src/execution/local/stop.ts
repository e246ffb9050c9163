/** Ends executions and forgets them. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeWhole } from './files.js';
import type { ExecutionFolders } from './folders.js';
import { isAlive, type ProcessIdentity } from './process-alive.js';
import { ensureOwned, exists, type Place } from './submit.js';
import { livingSupervisor, startSupervisor } from './supervisor.js';

const POLL_MS = 20;
/** After this long an obedient supervisor has ended; a stuck one is killed, and the kernel ends what it started. */
const PATIENCE_MS = 15_000;

/** Returns when nothing of the execution runs any more; it then has a status. Harmless when it has ended or never began. */
export async function stop(place: Place, folders: ExecutionFolders, reason: string): Promise<void> {
  if (!(await exists(folders.request))) return;
  if (!(await exists(folders.status))) await writeWhole(folders.cancel, JSON.stringify({ reason }));
  const deadline = Date.now() + PATIENCE_MS;
  let told: number | undefined;
  for (;;) {
    const owner = await livingSupervisor(folders);
    const ended = await exists(folders.status);
    if (ended && !owner) return;
    if (!owner) await ensureOwned(place, folders);
    else if (!ended && told !== owner.pid) {
      told = owner.pid;
      signalTo(owner, 'SIGTERM');
    } else if (Date.now() > deadline) signalTo(owner, 'SIGKILL');
    await sleep(POLL_MS);
  }
}

function signalTo({ pid }: ProcessIdentity, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Removes the folders of an execution that has ended. Throws when it still runs. */
export async function forget(place: Place, folders: ExecutionFolders): Promise<void> {
  if (!(await exists(folders.top))) return;
  const owner = await livingSupervisor(folders);
  if (owner && !(await exists(folders.status))) throw new Error(`${folders.top} still runs: cancel it first.`);
  while (owner && (await isAlive(owner))) await sleep(POLL_MS);
  // What a program nested too deep for ordinary removal, the supervisor can remove.
  if (await exists(join(folders.top, 'work')))
    await (await startSupervisor(place.python, place.runtimeFolder, folders)).ended;
  await rm(folders.top, { recursive: true, force: true, maxRetries: 3 });
}
