/** A whole competition on Kubernetes Jobs: real servers, a real API server, every program in a pod of the fake kubelet. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { z } from 'zod';
import { Grade } from '../../src/domain/evaluation.js';
import type { Job, ObjectList } from '../../src/execution/kubernetes/objects.js';
import { commandLine } from '../support/command-line.js';
import { RUNTIME_FOLDER, testBwrap, testPython } from '../support/execution-setup.js';
import { type ClusterBench, createClusterBench } from '../support/kubernetes/bench.js';
import { runsForReal } from '../support/kubernetes/fake-runtime.js';
import { describeOnTier } from '../support/kubernetes/tier.js';

const Ended = z.object({ runId: z.string(), grade: Grade.nullable(), bestNode: z.string().nullable() });
const bwrap = testBwrap();

(bwrap === undefined ? describe.skip : describeOnTier)('a competition on Jobs', () => {
  const cli = commandLine();
  let bench: ClusterBench;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'automlgen-settings-'));
    const image = { python: testPython(), runtimeFolder: RUNTIME_FOLDER };
    const fate = runsForReal({ ...image, bwrap: bwrap ?? '' });
    bench = await createClusterBench({ fate: () => fate, settings: image, machine: { memoryMiB: 2048, cpus: 1 } });
    // The worker of the command takes the results.
    await bench.executor.close();
    const path = join(folder, 'kubernetes.yaml');
    writeFileSync(path, stringify(bench.settings));
    process.env.AUTOMLGEN_KUBERNETES = path;
  });
  afterAll(async () => {
    await bench.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('ends with a grade far above its baseline; its programs were Jobs, and none is left', async () => {
    const seen = new Set<string>();
    const watching = new AbortController();
    void watchJobs(bench, seen, watching.signal);
    const words = [
      'demo',
      'p02-birthweight',
      '--budget',
      process.env.BUDGET ?? '120s',
      '--executor',
      'kubernetes',
      '--slots',
      '2',
    ];
    const demo = Ended.parse(await cli.json(...words));
    watching.abort();
    expect(demo.grade?.score.value).toBeLessThan(Number(demo.grade?.baseline.value) - 5);
    expect(seen.size).toBeGreaterThan(4);
    expect([...bench.kubelet.arrivals()].filter(([, times]) => times > 1)).toEqual([]);
    const report = await cli.run('report', demo.runId);
    expect(report.stdout).toContain('Sandbox: pod.');
    expect(report.stdout).toContain('network artefact endpoint only');
    // What still ran when the search ended is told so by its heartbeat, or found by the janitor.
    for (let turn = 0; turn < 60 && (await jobsOf(bench)).length > 0; turn += 1) await sleep(500);
    expect(await jobsOf(bench)).toEqual([]);
  }, 900_000);
});

async function jobsOf({ tier, namespace }: ClusterBench): Promise<readonly string[]> {
  const { items } = await tier.gateway.request<ObjectList<Job>>(`/apis/batch/v1/namespaces/${namespace}/jobs`);
  return items.map(({ metadata }) => metadata.name);
}

async function watchJobs(bench: ClusterBench, seen: Set<string>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const name of await jobsOf(bench)) seen.add(name);
    await sleep(500);
  }
}
