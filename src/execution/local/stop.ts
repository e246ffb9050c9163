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
/**
 * `obedientMs`: after this long an obedient supervisor has ended; a stuck one is killed, and the kernel ends what it started. `killedMs`:
 * after so long again, what has not ended cannot be ended: a process that waits for a broken disk hears no signal.
 */
const PATIENCE = { obedientMs: 15_000, killedMs: 60_000 };

/**
 * Returns when nothing of the execution runs any more; it then has a status. Harmless when it has ended or never began.
 * @throws Error when it cannot be ended, after a minute and a quarter.
 */
export async function stop(
  place: Place,
  folders: ExecutionFolders,
  reason: string,
  { obedientMs, killedMs } = PATIENCE,
): Promise<void> {
  if (!(await exists(folders.request))) return;
  if (!(await exists(folders.status))) await writeWhole(folders.cancel, JSON.stringify({ reason }));
  const deadline = Date.now() + obedientMs;
  let told: number | undefined;
  for (;;) {
    const owner = await livingSupervisor(folders);
    const ended = await exists(folders.status);
    if (ended && !owner) return;
    if (!owner) await ensureOwned(place, folders);
    else if (Date.now() > deadline + killedMs)
      throw new Error(`${folders.top} cannot be stopped: process ${owner.pid} survives SIGKILL.`);
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

/** Removes the folders of an execution that has ended. Throws when it still runs, or its supervisor does not end. */
export async function forget(
  place: Place,
  folders: ExecutionFolders,
  { obedientMs, killedMs } = PATIENCE,
): Promise<void> {
  if (!(await exists(folders.top))) return;
  const owner = await livingSupervisor(folders);
  if (owner && !(await exists(folders.status))) throw new Error(`${folders.top} still runs: cancel it first.`);
  const deadline = Date.now() + obedientMs + killedMs;
  while (owner && (await isAlive(owner))) {
    if (Date.now() > deadline) throw new Error(`${folders.top} cannot be removed: process ${owner.pid} does not end.`);
    await sleep(POLL_MS);
  }
  // What a program nested too deep for ordinary removal, the supervisor can remove.
  if (await exists(join(folders.top, 'work')))
    await (await startSupervisor(place.python, place.runtimeFolder, folders)).ended;
  await rm(folders.top, { recursive: true, force: true, maxRetries: 3 });
}
