/** What an executor does when workers, connections, objects and quotas fail it: on a real API server. */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ExecutionSpec } from '../../src/domain/execution-spec.js';
import type { Outcome } from '../../src/domain/outcome.js';
import { followLog } from '../../src/execution/kubernetes/logs.js';
import type { Job, ObjectList, Pod } from '../../src/execution/kubernetes/objects.js';
import { type ClusterBench, createClusterBench } from '../support/kubernetes/bench.js';
import { drill } from '../support/kubernetes/drill.js';
import type { Fate } from '../support/kubernetes/fake-kubelet.js';
import { exits, hangs } from '../support/kubernetes/fates.js';
import { describeOnTier } from '../support/kubernetes/tier.js';

const UNREACHABLE = 'node.kubernetes.io/unreachable';
const [CORE, BATCH] = ['/api/v1/namespaces', '/apis/batch/v1/namespaces'];

/** How long an executor waits for the end of a pod that does not end. */
function endMs({ settings }: ClusterBench): number {
  return (settings.graceSeconds + settings.lostSeconds) * 1000;
}

describeOnTier('one worker', () => {
  let bench: ClusterBench;
  const fateOf = new Map<string, Fate>();
  beforeAll(async () => {
    bench = await createClusterBench({
      fate: (pod) => fateOf.get(pod.metadata.labels?.['automlgen.dev/job'] ?? '') ?? exits({ ms: 100 }),
      machine: { slots: 3 },
    });
  });
  afterAll(() => bench.close());

  const run = async (spec: ExecutionSpec): Promise<Outcome> => {
    const outcome = await bench.executor.wait(await bench.executor.submit(spec));
    await bench.executor.release(spec.id);
    return outcome;
  };
  const jobPath = (id: string): string => `${BATCH}/${bench.namespace}/jobs/${id}`;
  const mapPath = (id: string): string => `${CORE}/${bench.namespace}/configmaps/${id}`;
  const get = <T>(path: string): Promise<T | undefined> => bench.tier.gateway.request<T>(path).catch(() => undefined);

  test('a worker that died between Job and ConfigMap: whoever adopts the Job makes the rest, and no second pod', async () => {
    const spec = bench.spec('print(1)');
    await bench.executor.submit(spec);
    await bench.tier.gateway.request(mapPath(spec.id), { method: 'DELETE' });
    const other = bench.another();
    expect(await other.submit(spec)).toEqual({ id: spec.id, adopted: true });
    expect(await get(mapPath(spec.id))).toBeDefined();
    expect(await other.wait({ id: spec.id, adopted: true })).toMatchObject({ kind: 'finished' });
    expect(bench.kubelet.arrivals().get(spec.id)).toBe(1);
    await other.release(spec.id);
  });

  test('asked again for something else under the same id, it goes on with what was asked for first', async () => {
    const spec = bench.spec('print(1)');
    const changed = bench.another();
    await bench.executor.submit(spec);
    const again = await changed.submit({ ...spec, environment: { OTHER: '1' } });
    expect(again.adopted).toBe(true);
    expect(await changed.wait(again)).toMatchObject({ kind: 'finished' });
    expect(bench.kubelet.arrivals().get(spec.id)).toBe(1);
    await changed.release(spec.id);
  });

  test.each([
    ['for something else', { environment: { OTHER: '1' } }],
    ['for the same, by another installation', {}],
  ])(
    'a Job of the same name that was made %s is not ours: cancel, release and sweep leave it alone',
    async (_, changes) => {
      const spec = bench.spec('print(1)');
      const job = await foreignJob({ ...spec, ...changes });
      const before = await get<Job>(jobPath(spec.id));
      for (const end of ['cancel', 'release', 'sweep'] as const) {
        const ours = bench.another();
        const outcome = await ours.wait(await ours.submit(spec));
        expect(outcome).toMatchObject({ kind: 'infrastructure', cause: 'id-taken' });
        if (end === 'cancel') await ours.cancel(spec.id, 'over');
        if (end === 'sweep') expect((await ours.sweep(async () => false)).removed).toContain(spec.id);
        else await ours.release(spec.id);
        // Nothing of ours is left, and what is there bears the label of the execution.
        await ours.sweep(async () => false);
      }
      const after = await get<Job>(jobPath(spec.id));
      expect(after?.metadata).toMatchObject({ uid: before?.metadata.uid, labels: before?.metadata.labels });
      expect(after?.metadata.deletionTimestamp).toBeUndefined();
      expect(bench.kubelet.arrivals().get(spec.id)).toBe(1);
      await job.remove();
    },
  );

  test.each([
    ['waited for', { kind: 'infrastructure', cause: 'job-deleted' }],
    ['cancelled', { kind: 'cancelled', message: 'Cancelled: over.' }],
  ])('ours was deleted, somebody took its name, and ours is then %s: the other is left alone', async (what, ending) => {
    const spec = bench.spec('print(1)');
    fateOf.set(spec.id, hangs);
    const handle = await bench.executor.submit(spec);
    const ours = await get<Job>(jobPath(spec.id));
    await bench.tier.gateway.request(jobPath(spec.id), {
      method: 'DELETE',
      body: { propagationPolicy: 'Foreground', gracePeriodSeconds: 0 },
    });
    for (let turn = 0; turn < 200 && (await get(jobPath(spec.id))); turn += 1) await sleep(50);
    const job = await foreignJob(spec);
    const began = Date.now();
    if (what === 'cancelled') await bench.executor.cancel(spec.id, 'over');
    expect(await bench.another().wait(handle)).toMatchObject(ending);
    // Nothing of ours runs, so the end of the other's pod is not waited for.
    expect(Date.now() - began).toBeLessThan(endMs(bench));
    const theirs = await get<Job>(jobPath(spec.id));
    expect(theirs?.metadata.uid).not.toBe(ours?.metadata.uid);
    await bench.executor.release(spec.id);
    const after = await get<Job>(jobPath(spec.id));
    expect(after?.metadata).toMatchObject({ uid: theirs?.metadata.uid });
    expect(after?.metadata.deletionTimestamp).toBeUndefined();
    await job.remove();
  });

  test('a worker that died before it could write down which Job is its own still ends it; nothing of it is left', async () => {
    const spec = bench.spec('print(1)');
    fateOf.set(spec.id, hangs);
    await bench.executor.submit(spec);
    rmSync(join(bench.root, 'executor', 'kubernetes', spec.id, 'created.json'));
    const other = bench.another();
    await other.cancel(spec.id, 'over');
    expect(await other.wait({ id: spec.id, adopted: true })).toMatchObject({ kind: 'cancelled' });
    rmSync(join(bench.root, 'executor', 'kubernetes', spec.id), { recursive: true });
    const again = bench.spec('print(1)');
    fateOf.set(again.id, hangs);
    await bench.executor.submit(again);
    // The whole disk of a worker may be lost.
    rmSync(join(bench.root, 'executor', 'kubernetes', again.id), { recursive: true });
    expect((await other.sweep(async (id) => id !== again.id)).removed).toEqual([again.id]);
    for (let turn = 0; turn < 100 && ((await get(jobPath(again.id))) ?? (await get(jobPath(spec.id)))); turn += 1)
      await sleep(50);
    expect([await get(jobPath(again.id)), await get(jobPath(spec.id))]).toEqual([undefined, undefined]);
  });

  /** Of another installation in the same namespace. */
  async function foreignJob(spec: ExecutionSpec): Promise<{ remove(): Promise<void> }> {
    fateOf.set(spec.id, hangs);
    const theirs = bench.another({ home: 'elsewhere' });
    await theirs.submit(spec);
    return {
      async remove() {
        await theirs.cancel(spec.id, 'over');
        await theirs.release(spec.id);
      },
    };
  }

  test('records that a full disk cut off: the cluster says again how it ended, and they are kept', async () => {
    const spec = bench.spec('print(1)');
    const before = await bench.executor.wait(await bench.executor.submit(spec));
    const record = join(bench.root, 'executor', 'kubernetes', spec.id);
    for (const name of ['spec', 'created', 'outcome']) writeFileSync(join(record, `${name}.json`), '{"ki');
    const other = bench.another();
    expect(await other.submit(spec)).toEqual({ id: spec.id, adopted: true });
    expect(await other.wait({ id: spec.id, adopted: true })).toEqual(before);
    expect(before).toMatchObject({ kind: 'finished', files: [{ name: 'submission.csv' }] });
    expect(bench.kubelet.arrivals().get(spec.id)).toBe(1);
    expect(['spec', 'created', 'outcome'].filter((name) => existsSync(join(record, `${name}.2.json`)))).toHaveLength(3);
    await other.release(spec.id);
    expect(existsSync(record)).toBe(false);
  });

  test('a request that cannot be read any more is still cancelled, and nothing of it is left', async () => {
    const spec = bench.spec('print(1)', { views: [1, 2].map((fold) => ({ name: `fold${fold}`, input: bench.input })) });
    fateOf.set(`${spec.id}-fold1`, hangs);
    await bench.executor.submit(spec);
    const folder = join(bench.root, 'executor', 'kubernetes');
    for (const name of [spec.id, `${spec.id}-fold1`]) writeFileSync(join(folder, name, 'spec.json'), '');
    const other = bench.another();
    await expect(other.release(spec.id)).rejects.toThrow(/still runs/);
    await other.cancel(spec.id, 'over');
    await other.release(spec.id);
    for (let turn = 0; turn < 100 && (await get(jobPath(`${spec.id}-fold1`))); turn += 1) await sleep(50);
    expect(await get(jobPath(`${spec.id}-fold1`))).toBeUndefined();
    expect(readdirSync(folder).filter((name) => name.startsWith(spec.id))).toEqual([]);
  });

  test('release removes Job, pod, ConfigMap and records; a second one finds nothing to do', async () => {
    const spec = bench.spec('print(1)');
    await run(spec);
    await bench.executor.release(spec.id);
    for (let turn = 0; turn < 100 && (await get(jobPath(spec.id))); turn += 1) await sleep(50);
    expect(await get(jobPath(spec.id))).toBeUndefined();
    for (let turn = 0; turn < 100 && (await get(mapPath(spec.id))); turn += 1) await sleep(50);
    expect(await get(mapPath(spec.id))).toBeUndefined();
    expect(existsSync(join(bench.root, 'executor', 'kubernetes', spec.id))).toBe(false);
  });

  test('a quota on Jobs is a queue: the third waits until the first has gone', async () => {
    const quota = `${CORE}/${bench.namespace}/resourcequotas`;
    const body = { metadata: { name: 'two' }, spec: { hard: { 'count/jobs.batch': '2' } } };
    await bench.tier.gateway.request(quota, { method: 'POST', body });
    for (let turn = 0; turn < 100; turn += 1) {
      const made = await get<{ status?: { hard?: unknown } }>(`${quota}/two`);
      if (made?.status?.hard) break;
      await sleep(50);
    }
    const [first, second, third] = [0, 1, 2].map(() => bench.spec('print(1)')) as [
      ExecutionSpec,
      ExecutionSpec,
      ExecutionSpec,
    ];
    for (const { id } of [first, second]) fateOf.set(id, hangs);
    await bench.executor.submit(first);
    await bench.executor.submit(second);
    const waited: string[] = [];
    const last = bench.executor.submit(third, { onProgress: ({ phase }) => waited.push(phase) });
    await sleep(1500);
    expect(await get(jobPath(third.id))).toBeUndefined();
    await bench.executor.cancel(first.id, 'make room');
    await bench.executor.release(first.id);
    expect(await bench.executor.wait(await last)).toMatchObject({ kind: 'finished' });
    expect(new Set(waited)).toEqual(new Set(['queued']));
    await bench.executor.cancel(second.id, 'over');
    await Promise.all([second, third].map(({ id }) => bench.executor.release(id)));
    await bench.tier.gateway.request(`${quota}/two`, { method: 'DELETE' });
  });

  test('a log is followed across broken connections: every line once, in order', async () => {
    const spec = bench.spec('print(1)');
    fateOf.set(spec.id, exits({ ms: 4000 }));
    await bench.executor.submit(spec);
    const pod = await runningPod(bench, spec.id);
    const seen: string[] = [];
    const source = { namespace: bench.namespace, pod, container: 'main' };
    const following = (async () => {
      const log = followLog(bench.tier.gateway, source, { signal: AbortSignal.timeout(20_000) });
      for await (const { text } of log) seen.push(text);
    })();
    for (let line = 0; line < 40; line += 1) {
      bench.kubelet.logs.write(pod, `line ${line}`);
      if (line % 15 === 14) bench.kubelet.logs.breakAll();
      await sleep(40);
    }
    await bench.executor.wait({ id: spec.id, adopted: true });
    await following;
    expect(seen).toEqual(Array.from({ length: 40 }, (_, line) => `line ${line}`));
    await bench.executor.release(spec.id);
  });
});

describeOnTier('a worker process that is killed', () => {
  let bench: ClusterBench;
  beforeAll(async () => {
    bench = await createClusterBench({ fate: () => exits({ ms: 300 }), nodes: 3, machine: { slots: 6 } });
  });
  afterAll(() => bench.close());

  test('its Jobs go on and are adopted: one pod each, one outcome each, nothing left, few connections', async () => {
    const result = await drill(bench, 24, [0.3], 12);
    expect(result.outcomes.size).toBe(24);
    expect([...new Set([...result.outcomes.values()].flat())]).toEqual(['finished']);
    expect(result.repeated).toEqual([]);
    expect({ jobs: result.jobsLeft, pods: result.podsLeft }).toEqual({ jobs: 0, pods: 0 });
    expect(result.connections).toBeGreaterThan(0);
    expect(result.connections).toBeLessThanOrEqual(32);
  }, 120_000);
});

async function runningPod({ tier, namespace }: ClusterBench, job: string): Promise<string> {
  for (let turn = 0; turn < 200; turn += 1) {
    const query = { labelSelector: `automlgen.dev/job=${job}` };
    const { items } = await tier.gateway.request<ObjectList<Pod>>(`${CORE}/${namespace}/pods`, { query });
    const found = items.find(({ status }) => status?.phase === 'Running');
    if (found) return found.metadata.name;
    await sleep(50);
  }
  throw new Error(`No pod of ${job} came to run.`);
}

describeOnTier('a node that falls silent', () => {
  let bench: ClusterBench;
  const fateOf = new Map<string, Fate>();
  beforeAll(async () => {
    bench = await createClusterBench({
      fate: (pod) => fateOf.get(pod.metadata.labels?.['automlgen.dev/job'] ?? '') ?? exits({ ms: 100 }),
      nodes: 2,
      settings: { graceSeconds: 1 },
      // By default a cluster waits five minutes before it gives up the pods of such a node.
      machine: {
        slots: 1,
        tolerations: [{ key: UNREACHABLE, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 1 }],
      },
    });
  });
  afterAll(() => bench.close());

  test('its execution is tried again elsewhere while its pod is still there and will not end', async () => {
    const { gateway } = bench.tier;
    const spec = bench.spec('print(1)');
    fateOf.set(spec.id, hangs);
    const handle = await bench.executor.submit(spec);
    const pod = `${CORE}/${bench.namespace}/pods/${await runningPod(bench, spec.id)}`;
    const { nodeName = '' } = (await gateway.request<Pod>(pod)).spec ?? {};
    await silence(bench, nodeName);
    const outcome = await bench.executor.wait(handle, { signal: AbortSignal.timeout(30_000) });
    expect(outcome).toMatchObject({ kind: 'infrastructure', cause: 'node-lost', files: [] });
    const began = Date.now();
    await bench.executor.release(spec.id);
    const again = bench.spec('print(1)');
    const next = await bench.executor.submit(again, { signal: AbortSignal.timeout(30_000) });
    // The only slot was that of the lost one.
    expect(await bench.executor.wait(next)).toMatchObject({ kind: 'finished' });
    expect(Date.now() - began).toBeLessThan(endMs(bench));
    const stuck = await gateway.request<Pod>(pod);
    expect(stuck).toMatchObject({ spec: { nodeName }, status: { phase: 'Running' } });
    expect(stuck.metadata.deletionTimestamp).toBeDefined();
    await bench.executor.release(again.id);
    // What a cluster does once the node is gone for good.
    await gateway.request(pod, { method: 'DELETE', body: { gracePeriodSeconds: 0 } });
  });
});

/** What the controller for nodes does after 50 s without a sign of life. */
async function silence({ tier, kubelet }: ClusterBench, node: string): Promise<void> {
  kubelet.kill(node);
  const path = `/api/v1/nodes/${node}`;
  const now = new Date().toISOString();
  const unknown = { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', lastTransitionTime: now };
  const strategic = { method: 'PATCH', contentType: 'application/strategic-merge-patch+json' } as const;
  await tier.gateway.request(`${path}/status`, { ...strategic, body: { status: { conditions: [unknown] } } });
  const taints = ['NoSchedule', 'NoExecute'].map((effect) => ({ key: UNREACHABLE, effect, timeAdded: now }));
  await tier.gateway.request(path, { ...strategic, body: { spec: { taints } } });
}

describeOnTier('a cluster that refuses', () => {
  let bench: ClusterBench;
  beforeAll(async () => {
    bench = await createClusterBench({ fate: () => exits({}) });
  });
  afterAll(() => bench.close());

  test.each([
    ['no namespace', { settings: { namespace: 'nowhere' } }, 'kubernetes-forbidden', /nowhere.*not found/],
    [
      'a patch that makes no pod',
      { machine: { podTemplatePatch: { spec: { containers: [{ name: 'main', image: null, command: null }] } } } },
      'kubernetes-settings-invalid',
      /image: Required value/,
    ],
  ])('%s: the fault names it and the next step', async (_, changes, code, message) => {
    const executor = bench.another(changes);
    const refused = executor.submit(bench.spec('print(1)')).catch((error: unknown) => error);
    expect(await refused).toMatchObject({
      code,
      message: expect.stringMatching(message),
      next: expect.stringMatching(/.{20}/),
    });
  });
});
