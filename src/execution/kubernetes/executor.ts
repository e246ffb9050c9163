/** Runs programs as Kubernetes Jobs. Executions outlive this process; any process with the same records may wait for them. */
import { join } from 'node:path';
import type { ExecutionId } from '../../domain/ids.js';
import type { BlobAccess, Capabilities, Executor, SweepReport } from '../port.js';
import { type ArtefactEndpoint, serveArtefacts } from './artefacts.js';
import { createCapacity } from './capacity.js';
import { clusterOf } from './cluster.js';
import { forgetAll, stopAll, submitAll, waitForAll } from './execution.js';
import { explaining } from './faults.js';
import { createGateway, type Gateway } from './gateway.js';
import { createMirror } from './mirror.js';
import { jobNameOf } from './names.js';
import { isMarked } from './ownership.js';
import { executionIn, type JobName } from './parts.js';
import type { Place } from './place.js';
import { foldersOf, removeStale } from './publish.js';
import { openRecords } from './records.js';
import { type ClassSettings, classOf, type KubernetesSettings } from './settings.js';
import { forget, stop } from './stop.js';
import { secretOf } from './tokens.js';

/** Which views are in use, the sizes and times of all their files say. */
const TIDY_EVERY_MS = 3_600_000;

export interface KubernetesExecutorOptions {
  readonly settings: KubernetesSettings;
  /** Class of machines that this executor serves. */
  readonly className: string;
  /** Folder of records and delivered results; replicas share it. */
  readonly root: string;
  readonly blobs: BlobAccess;
  /** Signs the tokens of the artefact endpoint; absent: made once and kept below `root`. */
  readonly secret?: string;
  readonly gateway?: Gateway;
  /** Receives what whoever operates the worker should read. */
  readonly log?: (message: string) => void;
}

export interface KubernetesExecutor extends Executor {
  /** Takes results; a worker that runs programs has to serve. @throws UserError when the port is taken or the cluster refuses. */
  serve(): Promise<ArtefactEndpoint>;
  close(): Promise<void>;
}

/** Asks nothing of the cluster before the first execution. @throws UserError when there is no kubeconfig or no such class. */
export function createKubernetesExecutor(options: KubernetesExecutorOptions): KubernetesExecutor {
  const { settings, className, blobs, log = () => undefined } = options;
  const machine = classOf(settings, className);
  const gateway = options.gateway ?? createGateway(settings.context);
  const mirror = createMirror(gateway, settings, log);
  const records = openRecords(join(options.root, 'kubernetes'));
  let secret: Promise<Uint8Array> | undefined;
  const place: Place = {
    settings,
    className,
    machine,
    gateway,
    cluster: clusterOf(gateway, settings.namespace),
    mirror,
    records,
    capacity: createCapacity(mirror, className, machine.slots),
    blobs,
    secret: () => {
      secret ??= secretOf(join(options.root, 'artefact-secret'), options.secret);
      return secret;
    },
  };
  let endpoint: ArtefactEndpoint | undefined;
  let tidiedAt = 0;
  const tidy = async (): Promise<void> => {
    if (Date.now() - tidiedAt < TIDY_EVERY_MS) return;
    tidiedAt = Date.now();
    await tidyViews(place);
  };
  const explain = <T>(work: Promise<T>): Promise<T> => explaining(settings, gateway.server, work);

  return {
    name: 'kubernetes',
    capabilities: async () => capabilitiesOf(machine),
    submit: async (spec, waiting) => ({ id: spec.id, adopted: await explain(submitAll(place, spec, waiting)) }),
    wait: ({ id }, waiting) => explain(waitForAll(place, id, waiting)),
    cancel: (id, reason) => explain(stopAll(place, id, reason).then(() => undefined)),
    release: (id) => explain(forgetAll(place, id)),
    async sweep(isLive) {
      const report = await explain(sweepAll(place, isLive, explain));
      await tidy();
      return report;
    },
    async serve() {
      // A worker that could not run anything says so at its start.
      await explain(mirror.ready());
      const { listen, maxFileMiB } = settings.artefacts;
      endpoint ??= await serveArtefacts({
        listen,
        maxFileMiB,
        records,
        secret: await place.secret(),
        onReport: mirror.wake,
      });
      return endpoint;
    },
    async close() {
      mirror.close();
      await endpoint?.close();
      gateway.close();
    },
  };
}

/** Goes on past what it cannot remove. */
async function sweepAll(
  place: Place,
  isLive: (id: ExecutionId) => Promise<boolean>,
  explain: <T>(work: Promise<T>) => Promise<T>,
): Promise<SweepReport> {
  const removed: ExecutionId[] = [];
  const kept: ExecutionId[] = [];
  const failed: { readonly id: ExecutionId; readonly why: string }[] = [];
  for (const [id, jobs] of await known(place)) {
    if (await isLive(id)) {
      kept.push(id);
      continue;
    }
    try {
      await explain(removeAll(place, id, jobs));
      removed.push(id);
    } catch (error) {
      failed.push({ id, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { removed, kept, failed };
}

async function removeAll(place: Place, id: ExecutionId, jobs: readonly JobName[]): Promise<void> {
  const stopped = await stopAll(place, id, 'nobody asks for it any more');
  await stop(
    place,
    jobs.filter((job) => !stopped.includes(job)),
  );
  for (const job of jobs) await forget(place, job);
}

/** Tables of runs that have ended stay on the volume of the programs for a while, and no longer. */
async function tidyViews({ settings: { data }, records }: Place): Promise<void> {
  if (data.mode !== 'claim') return;
  const specs = await Promise.all((await records.jobs()).map((job) => records.spec(job)));
  await removeStale(data.folder, await foldersOf(specs.flatMap((spec) => spec ?? [])));
}

/** By execution: its Jobs in the cluster, made by whichever worker of this installation, and its records here. */
async function known({ cluster, records, secret }: Place): Promise<ReadonlyMap<ExecutionId, readonly JobName[]>> {
  const ours = await secret();
  const marked = (await cluster.listJobs()).filter((job) => isMarked(job, ours));
  const jobs = marked.flatMap((job) => jobNameOf(job.metadata) ?? []);
  const found = new Map<ExecutionId, readonly JobName[]>();
  for (const job of new Set([...jobs, ...(await records.jobs())])) {
    const id = executionIn(job);
    found.set(id, [...(found.get(id) ?? []), job]);
  }
  return found;
}

function capabilitiesOf({ slots, cpus, memoryMiB, gpus }: ClassSettings): Capabilities {
  return {
    cpus: cpus * slots,
    memoryMiB: memoryMiB * slots,
    gpus: gpus * slots,
    slots,
    sandbox: 'pod',
    network: 'artefact endpoint only',
    memoryLimit: 'cgroup',
    processLimit: 'polled',
    diskLimit: 'kubelet',
    notes: [
      'Programs run in pods of their own, which can reach the artefact endpoint of the worker; whether the cluster enforces its network policies, `helm test` says.',
    ],
  };
}
