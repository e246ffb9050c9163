import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { clusterPlace } from '../../../src/cli/cluster-place.js';
import { startsWorker } from '../../../src/cli/embedded-worker.js';
import { executionDefaults } from '../../../src/cli/execution-defaults.js';
import { runsInCluster } from '../../../src/worker/operations.js';
import { taskQueues } from '../../../src/workflows/queues.js';

const folder = mkdtempSync(join(tmpdir(), 'automlgen-defaults-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const settings = join(folder, 'kubernetes.yaml');
writeFileSync(
  settings,
  `namespace: elsewhere
image: registry/runner:1
artefacts: {url: "http://10.0.0.1:8790"}
classes:
  cpu: {slots: 6}
  gpu: {slots: 3, cpus: 8, memoryMiB: 20000, diskMiB: 30000, shmMiB: 4096, pids: 900, gpus: 1}
`,
);
const cluster = { AUTOMLGEN_EXECUTOR: 'kubernetes', AUTOMLGEN_KUBERNETES: settings };

describe('what one program may use by default', () => {
  test('in a cluster: what its class says, and the queue of that class', () => {
    expect(executionDefaults(undefined, { ...cluster, AUTOMLGEN_EXECUTION_CLASS: 'gpu' })).toEqual({
      slots: 3,
      executionClass: 'gpu',
      limits: { cpus: 8, memoryMiB: 20_000, diskMiB: 30_000, shmMiB: 4096, gpus: 1, pids: 900 },
    });
    expect(taskQueues('', 'gpu').execute).toBe('execute-gpu');
  });
  test('slots that were asked for win over those of the class', () => {
    expect(executionDefaults(2, cluster)).toMatchObject({ slots: 2, executionClass: 'cpu' });
  });
  test('on a machine: no class, so that recorded runs keep their queue', () => {
    expect(executionDefaults(2, {})).not.toHaveProperty('executionClass');
    expect(taskQueues().execute).toBe('execute-cpu');
  });
  test('a class that there is not is named together with those that there are', () => {
    expect(() => executionDefaults(undefined, { ...cluster, AUTOMLGEN_EXECUTION_CLASS: 'tpu' })).toThrow(
      expect.objectContaining({ code: 'kubernetes-settings-invalid', message: expect.stringMatching(/tpu.*cpu, gpu/) }),
    );
  });
});

test('where programs run and who works is told by words that are known', () => {
  expect([runsInCluster({}), runsInCluster({ AUTOMLGEN_EXECUTOR: 'local' }), runsInCluster(cluster)]).toEqual([
    false,
    false,
    true,
  ]);
  expect([startsWorker({}), startsWorker({ AUTOMLGEN_WORKER: 'none' })]).toEqual([true, false]);
  for (const wrong of [
    () => runsInCluster({ AUTOMLGEN_EXECUTOR: 'k8s' }),
    () => startsWorker({ AUTOMLGEN_WORKER: 'no' }),
  ])
    expect(wrong).toThrow(expect.objectContaining({ code: 'option-invalid' }));
});

test('looking at Jobs needs a namespace and nothing else', () => {
  expect(clusterPlace({})).toEqual({ namespace: 'automlgen-runs' });
  expect(clusterPlace({ AUTOMLGEN_KUBERNETES_NAMESPACE: 'mine' })).toEqual({ namespace: 'mine' });
  expect(clusterPlace({ AUTOMLGEN_KUBERNETES: settings })).toEqual({ namespace: 'elsewhere' });
});
