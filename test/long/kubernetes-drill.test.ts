/** 500 Jobs over 50 nodes while workers are killed: nothing runs twice, nothing is left, connections stay few. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ClusterBench, createClusterBench } from '../support/kubernetes/bench.js';
import { drill } from '../support/kubernetes/drill.js';
import { exits } from '../support/kubernetes/fates.js';
import { describeOnTier } from '../support/kubernetes/tier.js';

const COUNT = 500;

describeOnTier('500 Jobs', () => {
  let bench: ClusterBench;
  beforeAll(async () => {
    bench = await createClusterBench({
      fate: () => exits({ ms: 200 + Math.random() * 1800 }),
      nodes: 50,
      node: { gpus: 2 },
      machine: { slots: 100 },
    });
  });
  afterAll(() => bench.close());

  test('two kills: each Job has had one pod, each execution one outcome that counts, and nothing is left', async () => {
    const result = await drill(bench, COUNT, [0.2, 0.6], 150);
    process.stdout.write(
      `\n  ${COUNT} Jobs, 50 nodes, 2 kills: ${result.seconds.toFixed(0)} s, at most ${result.connections} connections of a worker at once\n`,
    );
    expect(result.outcomes.size).toBe(COUNT);
    expect([...new Set([...result.outcomes.values()].flat())]).toEqual(['finished']);
    expect(result.repeated).toEqual([]);
    expect(bench.kubelet.arrivals().size).toBe(COUNT);
    expect({ jobs: result.jobsLeft, pods: result.podsLeft }).toEqual({ jobs: 0, pods: 0 });
    // Of each worker, at the same time, for thousands of requests.
    expect(result.connections).toBeGreaterThan(0);
    expect(result.connections).toBeLessThanOrEqual(32);
  }, 900_000);
});
