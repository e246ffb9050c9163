/** Every way in which a pod may end, provoked on a real API server: what the executor makes of it, and what the search then does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Outcome } from '../../src/domain/outcome.js';
import { ApiError } from '../../src/execution/kubernetes/api-error.js';
import type { KubernetesExecutor } from '../../src/execution/kubernetes/executor.js';
import type { ObjectList, Pod } from '../../src/execution/kubernetes/objects.js';
import type { SpecChanges } from '../support/execution-setup.js';
import { type BenchChanges, type ClusterBench, createClusterBench } from '../support/kubernetes/bench.js';
import { statusOf } from '../support/kubernetes/fake-collector.js';
import type { Fate } from '../support/kubernetes/fake-kubelet.js';
import * as fates from '../support/kubernetes/fates.js';
import { describeOnTier } from '../support/kubernetes/tier.js';

interface Ending {
  readonly what: string;
  readonly fate?: Fate;
  readonly changes?: BenchChanges;
  readonly spec?: SpecChanges;
  /** Done once the pod runs. */
  readonly provoke?: (place: { job: string; pod: string }) => Promise<unknown>;
  readonly outcome: Partial<Outcome>;
  readonly message?: RegExp;
}

const IMPATIENT = { settings: { queueSeconds: 2, startSeconds: 1 } };
const failedView = { failed: true, outputs: [] };
const [MERGE, NS, JOBS] = ['application/merge-patch+json', '/api/v1/namespaces', '/apis/batch/v1/namespaces'];

let bench: ClusterBench;
const fateOf = new Map<string, Fate>();
const results: string[] = [];

const ENDINGS: readonly Ending[] = [
  { what: 'exit 0, results delivered', outcome: { kind: 'finished' } },
  {
    what: 'exit 3 with a report',
    fate: fates.exits({
      code: 3,
      status: statusOf({ stderrTail: 'ValueError: no\n' }, { exitCode: 3, ...failedView }),
    }),
    outcome: { kind: 'exception', message: 'ValueError: no', exitCode: 3 },
  },
  {
    what: 'time up, by the supervisor',
    fate: fates.exits({
      code: 124,
      status: statusOf({}, { verdict: 'timeout', detail: 'still running after 20 s', exitCode: null, ...failedView }),
    }),
    outcome: { kind: 'timeout' },
  },
  {
    what: 'OOMKilled, supervisor and all',
    fate: fates.exits({ code: 137, reason: 'OOMKilled', status: null }),
    outcome: { kind: 'memory' },
  },
  {
    what: 'OOMKilled at exit 0, no results',
    fate: fates.exits({ reason: 'OOMKilled', status: statusOf({}, failedView) }),
    outcome: { kind: 'memory' },
  },
  {
    what: 'OOMKilled at exit 0, whole results',
    fate: fates.exits({ reason: 'OOMKilled' }),
    outcome: { kind: 'finished' },
  },
  {
    what: 'GPU memory, known from the log alone',
    fate: fates.exits({
      code: 1,
      silent: true,
      ms: 300,
      log: [
        'Traceback (most recent call last):',
        'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB',
      ],
    }),
    outcome: { kind: 'gpu-memory' },
  },
  {
    what: 'exit 124, report lost',
    fate: fates.exits({ code: 124, silent: true }),
    outcome: { kind: 'timeout' },
  },
  {
    what: 'exit 0, results lost',
    fate: fates.exits({ silent: true }),
    outcome: { kind: 'infrastructure', cause: 'results-lost' },
  },
  {
    what: 'killed, and nothing says why',
    fate: fates.exits({ code: 137, silent: true }),
    outcome: { kind: 'infrastructure', cause: 'killed' },
  },
  {
    what: 'deadline of the pod',
    fate: fates.podFails('DeadlineExceeded', 'Pod was active on the node longer than the specified deadline'),
    outcome: { kind: 'timeout' },
  },
  {
    what: 'its own disk limit',
    fate: fates.podFails('Evicted', 'Usage of EmptyDir volume "work" exceeds the limit "64Mi". '),
    outcome: { kind: 'disk' },
  },
  {
    what: 'its own ephemeral storage',
    fate: fates.podFails('Evicted', 'Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. '),
    outcome: { kind: 'disk' },
  },
  {
    what: 'disk pressure of the node',
    fate: fates.podFails('Evicted', 'The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi.'),
    outcome: { kind: 'infrastructure', cause: 'evicted' },
  },
  {
    what: 'node shut down',
    fate: fates.podFails('Terminated', 'Pod was terminated in response to imminent node shutdown.'),
    outcome: { kind: 'infrastructure', cause: 'node-shutdown' },
  },
  {
    what: 'node refuses: out of GPUs',
    fate: fates.nodeRefuses('OutOfnvidia.com/gpu', 'Node did not have enough resource: nvidia.com/gpu'),
    outcome: { kind: 'infrastructure', cause: 'rejected-by-node' },
  },
  {
    what: 'taint of a silent node',
    fate: fates.disrupted('DeletionByTaintManager'),
    outcome: { kind: 'infrastructure', cause: 'node-lost' },
  },
  {
    what: 'image cannot be pulled',
    fate: fates.imageMissing('ImagePullBackOff'),
    changes: IMPATIENT,
    outcome: { kind: 'infrastructure', cause: 'image' },
  },
  {
    what: 'image has no valid name',
    fate: fates.imageMissing('InvalidImageName'),
    outcome: { kind: 'infrastructure', cause: 'image' },
  },
  {
    what: 'data did not arrive',
    fate: fates.dataMissing,
    outcome: { kind: 'infrastructure', cause: 'data' },
  },
  {
    what: 'no node fits',
    changes: { ...IMPATIENT, machine: { nodeSelector: { fake: 'nowhere' } } },
    outcome: { kind: 'infrastructure', cause: 'unschedulable' },
    message: /didn't match Pod's node affinity\/selector/,
  },
  {
    what: 'Pod Security refuses',
    changes: { ...IMPATIENT, machine: { podTemplatePatch: { spec: { hostNetwork: true } } } },
    outcome: { kind: 'infrastructure', cause: 'admission' },
    message: /violates PodSecurity/,
  },
  {
    what: 'drained through the eviction API',
    fate: fates.hangs,
    provoke: ({ pod }) =>
      post(`${NS}/${bench.namespace}/pods/${pod}/eviction`, {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: pod },
      }),
    outcome: { kind: 'infrastructure', cause: 'drained' },
  },
  {
    what: 'preempted by the scheduler',
    fate: fates.hangs,
    spec: { limits: { gpus: 1 } },
    provoke: () => preempt(),
    outcome: { kind: 'infrastructure', cause: 'preempted' },
  },
  {
    what: 'pod deleted by hand',
    fate: fates.hangs,
    provoke: ({ pod }) => remove(`${NS}/${bench.namespace}/pods/${pod}`),
    outcome: { kind: 'infrastructure', cause: 'pod-deleted' },
  },
  {
    what: 'Job deleted by hand',
    fate: fates.hangs,
    provoke: ({ job }) => remove(`${JOBS}/${bench.namespace}/jobs/${job}`),
    outcome: { kind: 'infrastructure' },
  },
  {
    what: 'suspended by its queue while it ran',
    fate: fates.hangs,
    provoke: ({ job }) => patch(`${JOBS}/${bench.namespace}/jobs/${job}`, { spec: { suspend: true } }),
    outcome: { kind: 'infrastructure', cause: 'preempted' },
  },
  {
    what: 'deadline of the Job',
    fate: fates.hangs,
    provoke: ({ job }) => patch(`${JOBS}/${bench.namespace}/jobs/${job}`, { spec: { activeDeadlineSeconds: 1 } }),
    outcome: { kind: 'infrastructure', cause: 'job-deadline' },
  },
];

describeOnTier('every ending', () => {
  beforeAll(async () => {
    bench = await createClusterBench({
      fate: (pod) => fateOf.get(pod.metadata.labels?.['automlgen.dev/job'] ?? '') ?? fates.exits({}),
      node: { gpus: 1 },
      machine: { slots: 100 },
    });
  });
  afterAll(async () => {
    process.stdout.write(`\n${results.sort().join('\n')}\n`);
    await bench.close();
  });

  test.concurrent.each(ENDINGS.map((ending) => [ending.what, ending] as const))('%s', async (_, ending) => {
    const executor = ending.changes ? bench.another(ending.changes) : bench.executor;
    const outcome = await provoke(executor, ending);
    results.push(row(ending.what, outcome));
    expect(outcome).toMatchObject(ending.outcome);
    expect(outcome.message).toMatch(ending.message ?? /.{10}/);
    expect(outcome.files).toHaveLength(outcome.kind === 'finished' ? 1 : 0);
  });
});

async function provoke(executor: KubernetesExecutor, { fate, spec: changes, provoke: act }: Ending): Promise<Outcome> {
  const spec = bench.spec('print(1)', changes);
  if (fate) fateOf.set(spec.id, fate);
  const handle = await executor.submit(spec);
  if (act) await act({ job: spec.id, pod: await runningPodOf(spec.id) });
  const outcome = await executor.wait(handle, { signal: AbortSignal.timeout(30_000) });
  await executor.release(spec.id);
  return outcome;
}

async function runningPodOf(job: string): Promise<string> {
  for (let turn = 0; turn < 200; turn += 1) {
    const query = { labelSelector: `automlgen.dev/job=${job}` };
    const { items } = await bench.tier.gateway.request<ObjectList<Pod>>(`${NS}/${bench.namespace}/pods`, { query });
    const found = items.find(({ status }) => status?.phase === 'Running');
    if (found) return found.metadata.name;
    await sleep(50);
  }
  throw new Error(`No pod of ${job} came to run.`);
}

/** A more important pod asks for the only GPU. */
async function preempt(): Promise<void> {
  const name = `urgent-${bench.namespace}`;
  await post('/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name }, value: 1000 });
  await postOnceKnown(`${NS}/${bench.namespace}/pods`, {
    metadata: { name },
    spec: {
      priorityClassName: name,
      nodeSelector: { fake: bench.namespace },
      securityContext: { runAsNonRoot: true, runAsUser: 1, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'main',
          image: 'none',
          resources: { limits: { 'nvidia.com/gpu': '1' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  });
}

/** The API server's admission learns of a new priority class by a watch of its own, so for a moment it may not know it. */
async function postOnceKnown(path: string, body: unknown): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    try {
      await post(path, body);
      return;
    } catch (error) {
      if (turn === 100 || !(error instanceof ApiError && error.message.includes('no PriorityClass'))) throw error;
      await sleep(100);
    }
  }
}

function post(path: string, body: unknown): Promise<unknown> {
  return bench.tier.gateway.request(path, { method: 'POST', body });
}

function patch(path: string, body: unknown): Promise<unknown> {
  return bench.tier.gateway.request(path, { method: 'PATCH', body, contentType: MERGE });
}

function remove(path: string): Promise<unknown> {
  return bench.tier.gateway.request(path, { method: 'DELETE', query: { propagationPolicy: 'Background' } });
}

function row(what: string, { kind, cause, message }: Outcome): string {
  const next =
    { finished: 'scored', infrastructure: 'tried again, not charged', cancelled: 'released' }[kind as string] ??
    'charged to the node';
  return `  ${what.padEnd(38)} ${[kind, cause].filter(Boolean).join(': ').padEnd(34)} ${next.padEnd(25)} ${message.slice(0, 90)}`;
}
