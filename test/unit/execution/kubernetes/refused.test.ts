/** Rights that are taken away while a program runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { UserError } from '../../../../src/domain/errors.js';
import { ExecutionSpec } from '../../../../src/domain/execution-spec.js';
import { ApiError } from '../../../../src/execution/kubernetes/api-error.js';
import { createKubernetesExecutor } from '../../../../src/execution/kubernetes/executor.js';
import { LABELS } from '../../../../src/execution/kubernetes/names.js';
import { JobName } from '../../../../src/execution/kubernetes/parts.js';
import { openRecords } from '../../../../src/execution/kubernetes/records.js';
import { KubernetesSettings } from '../../../../src/execution/kubernetes/settings.js';
import type { BlobAccess } from '../../../../src/execution/port.js';
import { fakeApi, jobOf } from '../../../support/kubernetes/fake-api.js';

const NAME = JobName.parse('aml-aaaaaaaaaaaaaaaaaaaa');
const SPEC = ExecutionSpec.parse({
  id: NAME,
  runId: 'task-20260101-abcdef',
  nodeId: 'n1',
  program: 'a'.repeat(64),
  views: [{ name: 'main', input: '/x' }],
  limits: { cpus: 1, memoryMiB: 1, diskMiB: 1, shmMiB: 1, gpus: 0, pids: 1, runSeconds: 1 },
  network: 'none',
  environment: {},
  outputs: ['submission.csv'],
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'automlgen-refused-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('whoever waits is told that pods may not be listed any more, and adopts the program when they may', async () => {
  const cluster = fakeApi();
  const labels = { [LABELS.job]: NAME, [LABELS.controller]: 'uid-1' };
  cluster.put('jobs', jobOf(NAME, 'uid-1'));
  cluster.put('pods', { metadata: { name: `${NAME}-x`, uid: 'pod-1', labels } });
  const records = openRecords(join(folder, 'kubernetes'));
  await records.begin(NAME, SPEC);
  await records.created(NAME, 'uid-1');
  const said: string[] = [];
  const executor = createKubernetesExecutor({
    settings: KubernetesSettings.parse({
      image: 'image',
      artefacts: { url: 'http://127.0.0.1:1' },
      lostSeconds: 1,
    }),
    className: 'cpu',
    root: folder,
    blobs: { read: async () => new Uint8Array() } as unknown as BlobAccess,
    gateway: cluster.gateway,
    log: (message) => said.push(message),
  });
  try {
    const handle = await executor.submit(SPEC);
    expect(handle.adopted).toBe(true);
    cluster.refuse(new ApiError(403, 'Forbidden', 'pods is forbidden: no', 0), 'pods');
    cluster.endWatches();
    await expect(executor.wait(handle)).rejects.toMatchObject({
      code: 'kubernetes-forbidden',
      message: expect.stringContaining('pods is forbidden: no'),
      next: expect.stringContaining('automlgen-runs'),
    });
    expect(said).toEqual([expect.stringMatching(/pods cannot be listed \(failure 1\): pods is forbidden: no/)]);
    cluster.empty('pods');
    cluster.empty('jobs');
    cluster.refuse(undefined);
    expect(await againUntilAllowed(() => executor.wait(handle))).toMatchObject({ kind: 'infrastructure' });
  } finally {
    await executor.close();
  }
});

/** As the workflow engine does. */
async function againUntilAllowed<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadline || (error as UserError).code !== 'kubernetes-forbidden') throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
