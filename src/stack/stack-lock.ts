/** One `up` or `down` at a time per cache folder; a lock whose owner is gone is taken over. */

import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSameProcess, startTimeOf } from './process-identity.js';

/** Waits until the lock is free, without limit; `onWait` is called once with the pid of whoever holds it. */
export async function withLock<T>(path: string, onWait: (pid: number) => void, work: () => Promise<T>): Promise<T> {
  const mine = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(mine, `${process.pid}\n${await startTimeOf(process.pid)}`);
  try {
    await acquire(path, mine, onWait);
    try {
      return await work();
    } finally {
      await rm(path, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

/** Linking a complete file is atomic: no reader ever sees a lock without its owner. */
async function acquire(path: string, mine: string, onWait: (pid: number) => void): Promise<void> {
  for (let waits = 0; ; await sleep(100)) {
    const owner = await tryLink(mine, path);
    if (owner === 'acquired') return;
    if (owner === 'gone') continue;
    const [pid = '0', startTime = ''] = owner.split('\n');
    if (!(await isSameProcess(Number(pid), startTime))) await takeOver(path, owner);
    else if (waits++ === 0) onWait(Number(pid));
  }
}

async function tryLink(mine: string, path: string): Promise<'acquired' | 'gone' | (string & {})> {
  try {
    await link(mine, path);
    return 'acquired';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readFile(path, 'utf8').catch(() => 'gone' as const);
  }
}

/** Removes the lock only while it still is the one of the dead owner. */
async function takeOver(path: string, owner: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => '')) === owner) await rm(path, { force: true });
}
