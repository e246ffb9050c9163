/** Nodes without machines: objects with a capacity, and leases that are renewed while they live. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Gateway } from '../../../src/execution/kubernetes/gateway.js';

export interface NodeOptions {
  readonly gpus?: number;
  readonly gpuResource?: string;
  readonly cpus?: number;
  readonly memoryGiB?: number;
  readonly pods?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly unknown[];
  /** Where the server that gives its logs listens. */
  readonly kubeletPort?: number;
}

const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
const MERGE = 'application/merge-patch+json';

export async function createNode(gateway: Gateway, name: string, options: NodeOptions = {}): Promise<void> {
  const { labels = {}, taints = [] } = options;
  await gateway.request('/api/v1/nodes', {
    method: 'POST',
    body: { metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } }, spec: { taints } },
  });
  await gateway.request(LEASES, { method: 'POST', body: { metadata: { name }, spec: leaseSpec(name) } });
  await reportNode(gateway, name, options);
}

async function reportNode(gateway: Gateway, name: string, options: NodeOptions): Promise<void> {
  const { gpus = 0, gpuResource = 'nvidia.com/gpu', cpus = 64, memoryGiB = 256, pods = 110 } = options;
  const capacity = {
    cpu: String(cpus),
    memory: `${memoryGiB}Gi`,
    'ephemeral-storage': '2000Gi',
    pods: String(pods),
    ...(gpus > 0 && { [gpuResource]: String(gpus) }),
  };
  const now = new Date().toISOString();
  const fine = (type: string, status: string) => ({
    type,
    status,
    reason: 'Fake',
    message: 'fake kubelet',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  await gateway.request(`/api/v1/nodes/${name}/status`, {
    method: 'PATCH',
    contentType: MERGE,
    body: {
      status: {
        capacity,
        allocatable: capacity,
        addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
        conditions: [
          fine('Ready', 'True'),
          fine('MemoryPressure', 'False'),
          fine('DiskPressure', 'False'),
          fine('PIDPressure', 'False'),
        ],
        ...(options.kubeletPort !== undefined && {
          daemonEndpoints: { kubeletEndpoint: { Port: options.kubeletPort } },
        }),
      },
    },
  });
}

function leaseSpec(holder: string): Readonly<Record<string, unknown>> {
  return { holderIdentity: holder, leaseDurationSeconds: 40, renewTime: new Date().toISOString().replace('Z', '000Z') };
}

/** Until `signal`; a node that `isAlive` denies falls silent. One that was believed lost while we were slow says that it is there. */
export async function renewLeases(
  gateway: Gateway,
  names: readonly string[],
  options: NodeOptions,
  isAlive: (name: string) => boolean,
  signal: AbortSignal,
): Promise<void> {
  for (let round = 1; !signal.aborted; round += 1) {
    const renew = async (name: string): Promise<void> => {
      const body = { spec: leaseSpec(name) };
      await gateway.request(`${LEASES}/${name}`, { method: 'PATCH', contentType: MERGE, body, signal });
      if (round % 5 === 0) await reportNode(gateway, name, options);
    };
    await Promise.all(names.filter(isAlive).map((name) => renew(name).catch(() => undefined)));
    await sleep(4000, undefined, { signal }).catch(() => undefined);
  }
}

export async function deleteNode(gateway: Gateway, name: string): Promise<void> {
  for (const path of [`/api/v1/nodes/${name}`, `${LEASES}/${name}`])
    await gateway.request(path, { method: 'DELETE' }).catch(() => undefined);
}
