/** A pod that only listens, beside the one that tries: it is certain to answer, so whoever does not reach it was kept from it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Job } from '@kubernetes/client-node';
import { ApiError } from '../execution/kubernetes/api-error.js';
import type { Gateway } from '../execution/kubernetes/gateway.js';
import { conditionOf, isOver, type ObjectList, type Pod } from '../execution/kubernetes/objects.js';
import type { KubernetesSettings } from '../execution/kubernetes/settings.js';

type Api = Pick<Gateway, 'request'>;

/** What python/automlgen_runtime/pod_probe.py is told. */
export interface ProbeRequest {
  /** `host:port` that must not answer. */
  readonly forbidden?: readonly string[];
  readonly endpoint?: string;
  /** `host:port` of the peer. */
  readonly peer?: string;
  /** How many threads to start at most. */
  readonly processes?: number;
  /** Patience with each address; for a peer, how long it listens. */
  readonly seconds: number;
  /** Port to listen on, and nothing else. */
  readonly listen?: number;
}

export interface Peer {
  /** `host:port`; absent when it did not get ready. */
  readonly address?: string;
  close(): Promise<void>;
}

const PORT = 8790;
const READY_MS = 60_000;
const LISTEN_SECONDS = 280;
const POLL_MS = 250;

/** Never throws for a pod that does not come up: the rest can be tried without it. */
export async function openPeer(
  api: Api,
  settings: KubernetesSettings,
  jobFor: (request: ProbeRequest) => V1Job,
): Promise<Peer> {
  const job = jobFor({ listen: PORT, seconds: LISTEN_SECONDS });
  const name = job.metadata?.name ?? '';
  await api.request(`/apis/batch/v1/namespaces/${settings.namespace}/jobs`, { method: 'POST', body: job });
  const close = (): Promise<void> => removeJob(api, settings, name);
  try {
    const host = await readyAt(api, settings, name);
    return { ...(host !== undefined && { address: `${host.includes(':') ? `[${host}]` : host}:${PORT}` }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function readyAt(api: Api, { namespace }: KubernetesSettings, name: string): Promise<string | undefined> {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    const query = { labelSelector: `job-name=${name}` };
    const { items } = await api.request<ObjectList<Pod & { readonly status?: { readonly podIP?: string } }>>(
      `/api/v1/namespaces/${namespace}/pods`,
      { query },
    );
    const [pod] = items;
    if (pod && isOver(pod)) return undefined;
    if (conditionOf(pod, 'Ready') && pod?.status?.podIP !== undefined) return pod.status.podIP;
    await sleep(POLL_MS);
  }
  return undefined;
}

/** With its pod. What is gone already is fine. */
export async function removeJob(api: Api, { namespace }: KubernetesSettings, name: string): Promise<void> {
  try {
    await api.request(`/apis/batch/v1/namespaces/${namespace}/jobs/${name}`, {
      method: 'DELETE',
      query: { propagationPolicy: 'Background' },
    });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
}
