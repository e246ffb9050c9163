/** What a hostile report can do to the records, and what a sweep does about what it cannot remove. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ExecutionSpec } from '../../../../src/domain/execution-spec.js';
import type { Outcome } from '../../../../src/domain/outcome.js';
import { createKubernetesExecutor } from '../../../../src/execution/kubernetes/executor.js';
import type { Gateway } from '../../../../src/execution/kubernetes/gateway.js';
import { JobName } from '../../../../src/execution/kubernetes/parts.js';
import { openRecords } from '../../../../src/execution/kubernetes/records.js';
import { Report } from '../../../../src/execution/kubernetes/report.js';
import { loadKubernetesSettings } from '../../../../src/execution/kubernetes/settings.js';
import type { BlobAccess } from '../../../../src/execution/port.js';
import { statusOf } from '../../../support/kubernetes/fake-collector.js';

const JOB = JobName.parse('aml-aaaaaaaaaaaaaaaaaaaa');
const ENDED: Outcome = {
  kind: 'finished',
  message: 'Finished in 0.5 s.',
  exitCode: 0,
  seconds: 0.5,
  cpuSeconds: 0.4,
  gpuSeconds: 0,
  peakMemoryMiB: 10,
  milestones: 7,
  viewSeconds: { main: 0.5 },
  stdoutTail: '',
  stderrHead: '',
  stderrTail: '',
  files: [],
};
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'automlgen-records-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['milestones beyond the last', statusOf({ milestones: 99 })],
  ['half a milestone', statusOf({ milestones: 1.5 })],
  ['less than no time', statusOf({}, { seconds: -1 })],
  ['more time than there is', statusOf({}, { cpuSeconds: 1e10 })],
  ['half an exit code', statusOf({}, { exitCode: 1.5 })],
  ['memory below nothing', statusOf({}, { peakMemoryMiB: -1 })],
  ['devices below nothing', statusOf({ gpus: -1 })],
  ['a crowd of views', { ...statusOf(), views: Array.from({ length: 17 }, () => statusOf().views[0]) }],
])('a report is refused: %s', (_, status) => {
  expect(Report.safeParse({ status: statusOf(), files: [] }).success).toBe(true);
  expect(Report.safeParse({ status, files: [] }).success).toBe(false);
});

test('the first outcome stands, and one that could not be read again is kept as lost results', async () => {
  const records = openRecords(folder);
  expect(await records.end(JOB, ENDED)).toEqual(ENDED);
  expect(await records.end(JOB, { ...ENDED, message: 'Later.' })).toEqual(ENDED);
  const other = JobName.parse('aml-bbbbbbbbbbbbbbbbbbbb');
  const kept = await records.end(other, { ...ENDED, milestones: 99, seconds: -1 });
  expect(kept).toMatchObject({ kind: 'infrastructure', cause: 'results-lost', seconds: 0 });
  expect(await records.outcome(other)).toEqual(kept);
});

test('writers at the same moment leave one whole record and nothing beside it', async () => {
  const messages = Array.from({ length: 20 }, (_, turn) => `Replica ${turn}.`);
  const replicas = messages.map(() => openRecords(folder));
  const kept = await Promise.all(replicas.map((one, turn) => one.end(JOB, { ...ENDED, message: `Replica ${turn}.` })));
  expect(new Set(kept.map(({ message }) => message)).size).toBe(1);
  expect(messages).toContain(kept[0]?.message);
  expect(readdirSync(join(folder, JOB))).toEqual(['outcome.json']);
});

test('what another replica is writing beside a record is not its own', async () => {
  const own = `${process.pid}`;
  mkdirSync(join(folder, JOB));
  const theirs = Array.from({ length: 50 }, (_, turn) => `outcome.json.${own}.${turn + 1}`);
  for (const name of theirs) writeFileSync(join(folder, JOB, name), 'half');
  await openRecords(folder).end(JOB, ENDED);
  expect(readdirSync(join(folder, JOB)).sort()).toEqual(['outcome.json', ...theirs].sort());
});

test('a sweep goes on past what it cannot remove', async () => {
  const ids = ['aml-aaaaaaaaaaaaaaaaaaaa', 'aml-bbbbbbbbbbbbbbbbbbbb', 'aml-cccccccccccccccccccc'];
  const root = join(folder, 'kubernetes');
  const records = openRecords(root);
  for (const id of ids) {
    await records.begin(JobName.parse(id), specOf(id));
    await records.end(JobName.parse(id), ENDED);
  }
  writeFileSync(join(root, ids[0] ?? '', 'outcome.json'), JSON.stringify({ ...ENDED, milestones: 99 }));
  mkdirSync(join(folder, 'blobs'));
  const executor = createKubernetesExecutor({
    settings: loadKubernetesSettings({
      AUTOMLGEN_KUBERNETES_IMAGE: 'image',
      AUTOMLGEN_ARTEFACT_URL: 'http://127.0.0.1:1',
    }),
    className: 'cpu',
    root: folder,
    blobs: {} as BlobAccess,
    gateway: emptyCluster(),
  });
  const swept = await executor.sweep(async (id) => id === ids[2]);
  await executor.close();
  expect(swept.removed).toEqual([ids[1]]);
  expect([...swept.kept].sort()).toEqual([ids[0], ids[2]]);
  expect([...(await records.jobs())].sort()).toEqual([ids[0], ids[2]]);
});

function specOf(id: string): ExecutionSpec {
  return ExecutionSpec.parse({
    id,
    runId: 'task-20260101-abcdef',
    nodeId: 'n1',
    program: 'a'.repeat(64),
    views: [{ name: 'main', input: '/x' }],
    limits: { cpus: 1, memoryMiB: 1, diskMiB: 1, shmMiB: 1, gpus: 0, pids: 1, runSeconds: 1 },
    network: 'none',
    environment: {},
    outputs: ['submission.csv'],
  });
}

/** Has nothing and takes everything; its streams last until they are given up. */
function emptyCluster(): Gateway {
  return {
    server: 'http://127.0.0.1:1',
    request: async <T>() => ({ items: [], metadata: { resourceVersion: '1' } }) as T,
    async *lines(_path, { signal }) {
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    },
    opened: () => 0,
    close: () => undefined,
  };
}
