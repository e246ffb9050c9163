/** Ends single Jobs and forgets them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isOver } from './objects.js';
import { ownUid } from './ownership.js';
import type { JobName } from './parts.js';
import type { Place } from './place.js';

const LOOK_MS = 250;

/** Returns when the pod has ended, so that its device is free; after the node's time to answer it is believed lost. Harmless without a Job of ours. */
export async function stop(place: Place, job: JobName): Promise<void> {
  const uid = await ownUid(place, job);
  if (uid === undefined) return;
  await place.cluster.deleteJob(job, uid);
  await untilOver(place, job, uid);
}

async function untilOver({ cluster, mirror, settings }: Place, job: JobName, uid: string): Promise<void> {
  const deadline = Date.now() + (settings.graceSeconds + settings.lostSeconds) * 1000;
  await mirror.ready();
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
