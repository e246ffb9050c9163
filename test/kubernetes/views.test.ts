/** Executions of several views, each a Job, and executions that several processes look after. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createKubernetesExecutor } from '../../src/execution/kubernetes/executor.js';
import type { Gateway } from '../../src/execution/kubernetes/gateway.js';
import type { Job, ObjectList } from '../../src/execution/kubernetes/objects.js';
import { type ClusterBench, createClusterBench } from '../support/kubernetes/bench.js';
import { statusOf } from '../support/kubernetes/fake-collector.js';
import { exits, hangs } from '../support/kubernetes/fates.js';
import { describeOnTier } from '../support/kubernetes/tier.js';

describeOnTier('views of one execution', () => {
  let bench: ClusterBench;
  const hanging = new Set<string>();
  beforeAll(async () => {
    bench = await createClusterBench({
      fate: (pod) => {
        const job = pod.metadata.labels?.['automlgen.dev/job'] ?? '';
        const view = job.split('-').at(-1) ?? '';
        return view === 'fold4' || hanging.has(job) ? hangs : exits({ ms: 100, status: statusOf({}, { name: view }) });
      },
    });
  });
  afterAll(() => bench.close());

  const jobs = async (): Promise<readonly string[]> => {
    const path = `/apis/batch/v1/namespaces/${bench.namespace}/jobs`;
    return (await bench.tier.gateway.request<ObjectList<Job>>(path)).items.map(({ metadata }) => metadata.name);
  };
  const until = async (holds: (names: readonly string[]) => boolean): Promise<readonly string[]> => {
    for (let turn = 0; turn < 200 && !holds(await jobs()); turn += 1) await sleep(50);
    return jobs();
  };

  test('one that is cancelled in the midst of them leaves no Job', async () => {
    const views = ['fold2', 'fold3', 'fold4', 'fold5'].map((name) => ({ name, input: bench.input }));
    const spec = bench.spec('print(1)', { views });
    const handle = await bench.executor.submit(spec);
    const ended = bench.executor.wait(handle);
    await until((names) => names.includes(`${spec.id}-fold4`));
    await bench.executor.cancel(spec.id, 'enough');
    expect(await ended).toMatchObject({ kind: 'cancelled' });
    expect(await until((names) => names.length === 0)).toEqual([]);
  });

  test('a Job that another process has just made is not believed gone by one that has not heard of it', async () => {
    const spec = bench.spec('print(1)');
    hanging.add(spec.id);
    const { gateway } = bench.tier;
    // Its first list is a moment too old; after it nothing changes that a watch would tell.
    const behind: Gateway = {
      ...gateway,
      request: async <T>(path: string, options?: Parameters<Gateway['request']>[1]): Promise<T> => {
        const answer = await gateway.request<T>(path, options);
        return path.endsWith('/jobs') && options?.method === undefined ? { ...answer, items: [] } : answer;
      },
    };
    const other = createKubernetesExecutor({
      settings: bench.settings,
      className: 'cpu',
      root: join(bench.root, 'executor'),
      blobs: bench.blobs,
      gateway: behind,
    });
    await bench.executor.submit(spec);
    await until((names) => names.includes(spec.id));
    const ended = other.wait({ id: spec.id, adopted: true });
    await sleep(2500);
    await bench.executor.cancel(spec.id, 'enough');
    expect(await ended).toMatchObject({ kind: 'cancelled' });
    await bench.executor.release(spec.id);
    await other.close();
  });
});
