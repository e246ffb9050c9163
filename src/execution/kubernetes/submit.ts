/** Makes sure that there is exactly one Job for an execution, with its ConfigMap, or a record that it has ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../../domain/outcome.js';
import type { ExecutionProgress } from '../port.js';
import { isQuota, isStatus } from './api-error.js';
import { configMapFor, MOST_PROGRAM_BYTES } from './config-map.js';
import { type JobContext, jobFor } from './job-template.js';
import { ANNOTATIONS, specHash } from './names.js';
import type { Job } from './objects.js';
import { outcomeOfExecution } from './outcome.js';
import { isMarked, marked } from './ownership.js';
import type { JobName, Part } from './parts.js';
import type { Place } from './place.js';
import { dataFor } from './publish.js';
import type { Records } from './records.js';
import { grantOf, tokenFor } from './tokens.js';

const QUOTA_MS = 3000;
const GONE_MS = 200;

export interface WaitOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ExecutionProgress) => void;
}

/** True when the Job was there before, or needs none any more. Waits in line for a place; an abort leaves the request recorded. */
export async function ensureJob(place: Place, given: Part, waiting: WaitOptions = {}): Promise<boolean> {
  const { records, mirror } = place;
  // What was asked for first stands, also when whoever asks again has changed its mind.
  const spec: Part = { ...(await records.begin(given.job, given)), job: given.job };
  if (await hasEnded(records, spec.job)) return true;
  await mirror.ready();
  if (await adopt(place, spec)) return true;
  // Made before, and gone: whoever waits finds out what that means. It is never made twice.
  if (await isDecided(records, spec.job)) return true;
  const began = Date.now();
  const onWait = throttled(() => waiting.onProgress?.({ phase: 'queued', seconds: (Date.now() - began) / 1000 }));
  const done = await place.capacity.take(spec.job, { ...waiting, onWait });
  try {
    return await create(place, spec, { ...waiting, began, onWait });
  } finally {
    done();
  }
}

async function hasEnded(records: Records, job: JobName): Promise<boolean> {
  return ((await records.outcome(job)) ?? (await records.cancelled(job))) !== undefined;
}

/** It has ended, or had its Job. */
async function isDecided(records: Records, job: JobName): Promise<boolean> {
  return (await hasEnded(records, job)) || (await records.uid(job)) !== undefined;
}

/** True when a Job of that name was there: ours goes on, and one of somebody else is left alone. */
async function adopt(place: Place, spec: Part): Promise<boolean> {
  const { mirror, cluster, records } = place;
  const uid = await records.uid(spec.job);
  const seen = mirror.of(spec.job).job;
  // The mirror may still show an earlier one.
  const job = seen && (uid === undefined || uid === seen.metadata.uid) ? seen : await cluster.findJob(spec.job);
  if (!job) return false;
  // Ours is gone; whoever waits finds out what that means.
  if (uid !== undefined && uid !== job.metadata.uid) return true;
  if (uid === undefined) {
    if (job.metadata.deletionTimestamp !== undefined && (await untilGone(place, spec))) return false;
    if (!(await isOurs(place, spec, job))) {
      await end(place, spec, 'id-taken', `A Job named ${spec.job} is there already, and was made for something else.`);
      return true;
    }
  }
  mirror.learn(job);
  await records.created(spec.job, job.metadata.uid ?? '');
  await ensureConfigMap(place, spec, job);
  return true;
}

/** Made for this request by this installation: the token that it was given opens our endpoint. */
async function isOurs(place: Place, spec: Part, job: Job): Promise<boolean> {
  if (job.metadata.deletionTimestamp !== undefined) return false;
  return job.metadata.annotations?.[ANNOTATIONS.specHash] === specHash(spec) && isMarked(job, await place.secret());
}

/** False when it is still there after all the time that its end may take. */
async function untilGone({ cluster, settings }: Place, { job }: Part): Promise<boolean> {
  const deadline = Date.now() + (settings.graceSeconds + settings.lostSeconds) * 1000;
  for (;;) {
    if (!(await cluster.findJob(job))) return true;
    if (Date.now() >= deadline) return false;
    await sleep(GONE_MS);
  }
}

interface Creating extends WaitOptions {
  readonly began: number;
  readonly onWait: () => void;
}

/** True when another process was faster. */
async function create(place: Place, spec: Part, creating: Creating): Promise<boolean> {
  const { cluster, records, mirror } = place;
  // While this one stood in line, another process may have brought it to its end.
  if (await isDecided(records, spec.job)) return true;
  const size = (await place.blobs.read(spec.program)).byteLength;
  if (size > MOST_PROGRAM_BYTES) {
    const most = MOST_PROGRAM_BYTES / 1024;
    const message = `The program has ${Math.ceil(size / 1024)} KiB, and the most that a Job takes is ${most} KiB.`;
    await record(place, spec, { kind: 'exception', message });
    return false;
  }
  const template = marked(jobFor(spec, await contextOf(place, spec)), await place.secret());
  const job = await admitted(place, spec, () => cluster.createJob(template, creating), creating);
  if (job === 'taken') return adopt(place, spec);
  if (job === 'refused') return false;
  mirror.learn(job);
  await records.created(spec.job, job.metadata.uid ?? '');
  await ensureConfigMap(place, spec, job);
  if ((await records.cancelled(spec.job)) !== undefined) await cluster.deleteJob(spec.job, job.metadata.uid ?? '');
  return false;
}

/** A quota that is used up is a queue like any other; everything else that is refused is a fault of the installation. */
async function admitted(
  place: Place,
  spec: Part,
  make: () => Promise<Job>,
  { began, onWait, signal }: Creating,
): Promise<Job | 'taken' | 'refused'> {
  for (;;) {
    try {
      return await make();
    } catch (error) {
      if (isStatus(error, 409)) return 'taken';
      if (!isQuota(error)) throw error;
      if (Date.now() - began > place.settings.queueSeconds * 1000) {
        await end(place, spec, 'quota', `A quota refused the Job: ${(error as Error).message}`);
        return 'refused';
      }
      onWait();
      await place.mirror.anyChange(QUOTA_MS, signal);
      signal?.throwIfAborted();
    }
  }
}

async function contextOf(place: Place, spec: Part): Promise<JobContext> {
  const { settings, className, machine } = place;
  return { settings, className, machine, data: await dataFor(settings, spec) };
}

/** Harmless when it is there. Without it the pod waits for its volumes. */
export async function ensureConfigMap(place: Place, spec: Part, job: Job): Promise<void> {
  if (job.metadata.deletionTimestamp !== undefined) return;
  const { settings, className } = place;
  const program = await place.blobs.read(spec.program);
  const token = tokenFor(grantOf(spec), await place.secret());
  await place.cluster.createConfigMap(configMapFor(spec, job, settings, { program, token, className }));
}

function end(place: Place, spec: Part, cause: string, message: string): Promise<Outcome> {
  return record(place, spec, { kind: 'infrastructure', cause, message });
}

/** An execution that ended before there was a pod. */
function record({ records }: Place, spec: Part, ending: Pick<Outcome, 'kind' | 'message' | 'cause'>): Promise<Outcome> {
  const none = { spec, status: undefined, files: [], lost: false, pod: undefined, log: '' };
  const outcome = outcomeOfExecution({ ...none, verdict: { kind: 'cancelled', message: '' } });
  return records.end(spec.job, { ...outcome, ...ending });
}

function throttled(report: () => void): () => void {
  let last = 0;
  return () => {
    if (Date.now() - last < 1000) return;
    last = Date.now();
    report();
  };
}
