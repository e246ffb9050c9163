/**
 * A kubelet for all fake nodes of a test: it follows pods through the real API server and writes the statuses of whatever the test
 * wants to happen to them. Containers run only where the test gives a runner.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createGateway, type Gateway } from '../../../src/execution/kubernetes/gateway.js';
import type { ObjectList } from '../../../src/execution/kubernetes/objects.js';
import { type FakeLogs, serveLogs } from './fake-logs.js';
import { createNode, deleteNode, type NodeOptions, renewLeases } from './fake-node.js';
import type { FullPod } from './fake-pod.js';
import type { Tier } from './tier.js';

/** What happens to one pod, from its arrival on a node. `life.gone` aborts when its end is asked for. */
export type Fate = (life: Life) => Promise<void>;

export interface Life {
  readonly pod: FullPod;
  readonly gateway: Gateway;
  readonly logs: FakeLogs;
  /** Aborts when the pod is to be deleted. */
  readonly gone: AbortSignal;
  /** Replaces the named fields of the status. */
  report(status: Readonly<Record<string, unknown>>): Promise<void>;
}

export interface FakeKubelet {
  readonly nodes: readonly string[];
  readonly logs: FakeLogs;
  /** Pods that have arrived, ever, by name of their Job. */
  arrivals(): ReadonlyMap<string, number>;
  /** Pods that have not ended. */
  running(): number;
  /** The node falls silent: no lease, no status. */
  kill(node: string): void;
  close(): Promise<void>;
}

export interface FakeKubeletOptions {
  readonly nodes: number;
  readonly node?: NodeOptions;
  /** Beginning of the nodes' names, so that suites do not meet; pods of other nodes are left alone. */
  readonly prefix: string;
  readonly fate: (pod: FullPod) => Fate;
}

/** Conditions merge by their type, so those that others wrote stay. */
const MERGE = 'application/strategic-merge-patch+json';

export async function startFakeKubelet(tier: Tier, options: FakeKubeletOptions): Promise<FakeKubelet> {
  const { gateway } = tier;
  const logs = await serveLogs(tier);
  // Connections of their own, so that work never delays a sign of life.
  const heart = createGateway();
  const nodeOptions = {
    ...options.node,
    kubeletPort: logs.port,
    labels: { fake: options.prefix, ...options.node?.labels },
  };
  const nodes = Array.from({ length: options.nodes }, (_, index) => `${options.prefix}-${index}`);
  await Promise.all(nodes.map((name) => createNode(gateway, name, nodeOptions)));
  const own = new Set(nodes);
  const dead = new Set<string>();
  const closed = new AbortController();
  const lives = new Map<string, { readonly gone: AbortController; pod: FullPod; done: boolean }>();
  const arrivals = new Map<string, number>();

  const pathOf = ({ metadata }: FullPod): string => `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
  const isDead = (pod: FullPod): boolean => dead.has(pod.spec.nodeName ?? '');

  async function live(pod: FullPod): Promise<void> {
    const gone = new AbortController();
    const entry = { gone, pod, done: false };
    lives.set(pod.metadata.uid ?? '', entry);
    const job = pod.metadata.labels?.['automlgen.dev/job'] ?? pod.metadata.name;
    arrivals.set(job, (arrivals.get(job) ?? 0) + 1);
    const life: Life = {
      pod,
      gateway,
      logs,
      gone: gone.signal,
      report: async (status) => {
        if (isDead(pod) || closed.signal.aborted) return;
        const body = { status };
        // The pod may be gone already, as after a forced end.
        await gateway
          .request(`${pathOf(pod)}/status`, { method: 'PATCH', contentType: MERGE, body })
          .catch(() => undefined);
      },
    };
    await options
      .fate(pod)(life)
      .catch((error: unknown) => {
        if (!closed.signal.aborted) process.stderr.write(`fake kubelet, ${pod.metadata.name}: ${String(error)}\n`);
      });
    entry.done = true;
    logs.finish(pod.metadata.name);
    if (gone.signal.aborted) await bury(pod);
  }

  /** A kubelet confirms the end of a pod by deleting it without grace. */
  async function bury(pod: FullPod): Promise<void> {
    if (isDead(pod)) return;
    const body = { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } };
    await gateway.request(pathOf(pod), { method: 'DELETE', body }).catch(() => undefined);
  }

  function see(pod: FullPod): void {
    if (!own.has(pod.spec.nodeName ?? '') || isDead(pod)) return;
    const entry = lives.get(pod.metadata.uid ?? '');
    if (!entry) {
      if (pod.metadata.deletionTimestamp === undefined) void live(pod);
      else void bury(pod);
      return;
    }
    entry.pod = pod;
    if (pod.metadata.deletionTimestamp === undefined || entry.gone.signal.aborted) return;
    entry.gone.abort();
    if (entry.done) void bury(pod);
  }

  async function follow(): Promise<void> {
    const query = { fieldSelector: 'spec.nodeName!=' };
    while (!closed.signal.aborted) {
      try {
        const list = await gateway.request<ObjectList<FullPod>>('/api/v1/pods', { query, signal: closed.signal });
        for (const pod of list.items) see(pod);
        const watch = { ...query, watch: true, resourceVersion: list.metadata.resourceVersion, timeoutSeconds: 30 };
        for await (const line of gateway.lines('/api/v1/pods', {
          query: watch,
          idleMs: 40_000,
          signal: closed.signal,
        })) {
          const { type, object } = JSON.parse(line) as { type: string; object: FullPod };
          if (type === 'ADDED' || type === 'MODIFIED') see(object);
          else if (type === 'DELETED') lives.get(object.metadata.uid ?? '')?.gone.abort();
          else break;
        }
      } catch {
        await sleep(100);
      }
    }
  }

  const work = Promise.all([
    follow(),
    renewLeases(heart, nodes, nodeOptions, (name) => !dead.has(name), closed.signal),
  ]);
  return {
    nodes,
    logs,
    arrivals: () => arrivals,
    running: () => [...lives.values()].filter(({ done }) => !done).length,
    kill: (node) => void dead.add(node),
    async close() {
      closed.abort();
      for (const { gone } of lives.values()) gone.abort();
      await work.catch(() => undefined);
      await Promise.all(nodes.map((name) => deleteNode(gateway, name)));
      heart.close();
      logs.close();
    },
  };
}
