/** Does for a fake pod what the collector does in a real one: results to the artefact endpoint, essentials in a message. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Gateway } from '../../../src/execution/kubernetes/gateway.js';
import type { Status } from '../../../src/execution/local/status.js';

export interface Delivery {
  readonly status: Status | null;
  /** Content by path below `working/`. */
  readonly outputs: Readonly<Record<string, string>>;
}

interface EndpointFile {
  readonly id: string;
  readonly url: string;
  readonly token: string;
  readonly views: readonly string[];
}

/** A kubelet makes no container before all of its volumes are there. */
export async function untilMounted(gateway: Gateway, namespace: string, map: string, gone: AbortSignal): Promise<void> {
  while (!gone.aborted) {
    const found = await gateway.request(`/api/v1/namespaces/${namespace}/configmaps/${map}`).catch(() => undefined);
    if (found) return;
    await sleep(100, undefined, { signal: gone }).catch(() => undefined);
  }
}

/** @returns the termination message. */
export async function deliver(gateway: Gateway, namespace: string, map: string, delivery: Delivery): Promise<string> {
  const { data } = await gateway.request<{ data: Record<string, string> }>(
    `/api/v1/namespaces/${namespace}/configmaps/${map}`,
  );
  const endpoint = JSON.parse(data['endpoint.json'] ?? '{}') as EndpointFile;
  const view = endpoint.views[0] ?? 'main';
  const files = Object.entries(delivery.outputs).map(([name, content]) => [
    view,
    name,
    Buffer.byteLength(content),
    sha256(content),
  ]);
  let uploaded = true;
  try {
    for (const [name, content] of Object.entries(delivery.outputs))
      await put(endpoint, `outputs/${view}/${name}`, content);
    await put(endpoint, 'status', JSON.stringify({ status: delivery.status, files }));
  } catch {
    uploaded = false;
  }
  return JSON.stringify({ v: 1, uploaded, error: uploaded ? null : 'away', files, status: shortened(delivery.status) });
}

function shortened(status: Status | null): Status | null {
  return status && { ...status, stdoutTail: '', stderrHead: '', stderrTail: status.stderrTail.slice(-600) };
}

/** As patient as the real one while a worker is away. */
async function put(endpoint: EndpointFile, path: string, body: string): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    try {
      return await putOnce(endpoint, path, body);
    } catch (error) {
      if (turn > 100) throw error;
      await sleep(200);
    }
  }
}

async function putOnce({ url, id, token }: EndpointFile, path: string, body: string): Promise<void> {
  const response = await fetch(`${url}/v1/executions/${id}/${path}`, {
    method: 'PUT',
    body,
    headers: { authorization: `Bearer ${token}` },
  });
  if (response.status >= 300) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A status as the supervisor writes it, of a program that did its work unless told otherwise. */
export function statusOf(changes: Partial<Status> = {}, view: Partial<Status['views'][number]> = {}): Status {
  return {
    cause: null,
    message: '',
    cancelled: null,
    views: [
      {
        name: 'main',
        exitCode: 0,
        signal: null,
        verdict: null,
        detail: '',
        seconds: 0.5,
        cpuSeconds: 0.4,
        peakMemoryMiB: 50,
        outOfMemoryKills: 0,
        stopped: true,
        outputs: [{ name: 'submission.csv', bytes: 9 }, { name: 'probabilities.csv' }],
        failed: false,
        ...view,
      },
    ],
    milestones: 7,
    gpus: 0,
    stdoutTail: '',
    stderrHead: '',
    stderrTail: '',
    ...changes,
  };
}
