/** Many executions, worker processes that are killed, and what is true of the cluster afterwards. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, ObjectList, Pod } from '../../../src/execution/kubernetes/objects.js';
import type { ClusterBench } from './bench.js';
import { compileClusterWorker, exitOf, startClusterWorker } from './worker-process.js';

export interface DrillResult {
  /** Outcomes by execution, of every time that one was recorded. */
  readonly outcomes: ReadonlyMap<string, readonly string[]>;
  readonly jobsLeft: number;
  readonly podsLeft: number;
  /** Jobs for which more than one pod was made. */
  readonly repeated: readonly string[];
  /** The most that any of the workers has had at the same time. */
  readonly connections: number;
  readonly seconds: number;
}

/** Kills the worker each time that this part of the executions has ended. */
export async function drill(
  bench: ClusterBench,
  count: number,
  killsAt: readonly number[],
  atOnce: number,
): Promise<DrillResult> {
  const at = (name: string): string => join(bench.root, name);
  const program = compileClusterWorker(at('worker'));
  const specs = Array.from({ length: count }, () => bench.spec('print(1)'));
  writeFileSync(at('specs.jsonl'), specs.map((spec) => `${JSON.stringify(spec)}\n`).join(''));
  for (const name of ['done', 'connections']) writeFileSync(at(name), '');
  const order = {
    settings: bench.settings,
    root: join(bench.root, 'executor'),
    blobs: join(bench.root, 'blobs'),
    specs: at('specs.jsonl'),
    done: at('done'),
    connections: at('connections'),
    atOnce,
  };
  // The workers take the results from here on.
  await bench.executor.close();
  const began = Date.now();
  for (const part of killsAt) {
    const worker = await startClusterWorker(program, order);
    while (linesOf(at('done')).length < part * count) {
      if (worker.exitCode !== null) throw new Error(`A worker ended with ${worker.exitCode}.`);
      await sleep(20);
    }
    worker.kill('SIGKILL');
    await exitOf(worker);
  }
  const last = await startClusterWorker(program, order);
  const code = await exitOf(last);
  if (code !== 0) throw new Error(`The last worker ended with ${code}.`);
  const seconds = (Date.now() - began) / 1000;
  const outcomes = new Map<string, string[]>();
  for (const line of linesOf(at('done'))) {
    const [id = '', kind = '', cause = ''] = line.split(' ');
    outcomes.set(id, [...(outcomes.get(id) ?? []), [kind, cause].filter(Boolean).join(': ')]);
  }
  return {
    outcomes,
    ...(await leftovers(bench)),
    repeated: [...bench.kubelet.arrivals()].filter(([, times]) => times > 1).map(([job]) => job),
    connections: Math.max(...linesOf(at('connections')).map(Number)),
    seconds,
  };
}

/** Deleting is asynchronous in Kubernetes, so it gets a moment. */
async function leftovers({ tier, namespace }: ClusterBench): Promise<{ jobsLeft: number; podsLeft: number }> {
  for (let turn = 0; ; turn += 1) {
    const jobs = await tier.gateway.request<ObjectList<Job>>(`/apis/batch/v1/namespaces/${namespace}/jobs`);
    const pods = await tier.gateway.request<ObjectList<Pod>>(`/api/v1/namespaces/${namespace}/pods`);
    const left = { jobsLeft: jobs.items.length, podsLeft: pods.items.length };
    if ((left.jobsLeft === 0 && left.podsLeft === 0) || turn > 60) return left;
    await sleep(500);
  }
}

function linesOf(path: string): readonly string[] {
  return readFileSync(path, 'utf8').trim().split('\n').filter(Boolean);
}
