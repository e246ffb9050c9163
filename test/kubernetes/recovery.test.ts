/** What an executor does when workers, connections, objects and quotas fail it: on a real API server. */
import { existsSync } from 'node:fs';
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

const [CORE, BATCH] = ['/api/v1/namespaces', '/apis/batch/v1/namespaces'];

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

  test('a Job of the same name that was made for something else is left alone', async () => {
    const spec = bench.spec('print(1)');
    fateOf.set(spec.id, hangs);
    await bench.executor.submit(spec);
    const changed = bench.another();
    const record = join(bench.root, 'executor', 'kubernetes', spec.id);
    expect(existsSync(record)).toBe(true);
    const outcome = await changed.wait(await changed.submit({ ...spec, environment: { OTHER: '1' } }));
    expect(outcome).toMatchObject({ kind: 'infrastructure', cause: 'id-taken' });
    const job = await get<Job>(jobPath(spec.id));
    expect(job?.metadata.deletionTimestamp).toBeUndefined();
    await bench.executor.release(spec.id);
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
    expect(result.connections).toBeLessThan(40);
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
