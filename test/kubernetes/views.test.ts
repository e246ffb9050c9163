/** Executions of several views, each a Job: what is left of them in the cluster. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Job, ObjectList } from '../../src/execution/kubernetes/objects.js';
import { type ClusterBench, createClusterBench } from '../support/kubernetes/bench.js';
import { statusOf } from '../support/kubernetes/fake-collector.js';
import { exits, hangs } from '../support/kubernetes/fates.js';
import { describeOnTier } from '../support/kubernetes/tier.js';

describeOnTier('views of one execution', () => {
  let bench: ClusterBench;
  beforeAll(async () => {
    bench = await createClusterBench({
      fate: (pod) => {
        const view = pod.metadata.labels?.['automlgen.dev/job']?.split('-').at(-1) ?? '';
        return view === 'fold4' ? hangs : exits({ ms: 100, status: statusOf({}, { name: view }) });
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
});
