/** Ends single Jobs and forgets them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isOver } from './objects.js';
import { ownUid } from './ownership.js';
import type { JobName } from './parts.js';
import type { Place } from './place.js';

const LOOK_MS = 250;

/**
 * Returns when the pods have ended, so that their devices are free; after the node's time to answer they are believed lost. All are told
 * before any is waited for. Harmless without Jobs of ours.
 */
export async function stop(place: Place, jobs: readonly JobName[]): Promise<void> {
  const told: { readonly job: JobName; readonly uid: string }[] = [];
  for (const job of jobs) {
    const uid = await ownUid(place, job);
    if (uid === undefined) continue;
    await place.cluster.deleteJob(job, uid);
    told.push({ job, uid });
  }
  const deadline = Date.now() + (place.settings.graceSeconds + place.settings.lostSeconds) * 1000;
  for (const { job, uid } of told) await untilOver(place, job, uid, deadline);
}

async function untilOver({ cluster, mirror }: Place, job: JobName, uid: string, deadline: number): Promise<void> {
  while (Date.now() < deadline) {
    const pods = await cluster.podsOf(uid);
    if (pods.every(isOver)) return;
    await mirror.changed(job, LOOK_MS);
    await sleep(20);
  }
}

/** Removes the Job with its pod and its ConfigMap, and its records. */
export async function forget(place: Place, job: JobName): Promise<void> {
  const uid = await ownUid(place, job);
  if (uid !== undefined) await place.cluster.deleteJob(job, uid);
  await place.records.remove(job);
  place.mirror.forget(job);
}
