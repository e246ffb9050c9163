/** What a hostile report can do to the records, and what a sweep does about what it cannot remove. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ExecutionSpec } from '../../../../src/domain/execution-spec.js';
import type { Outcome } from '../../../../src/domain/outcome.js';
import { ApiError } from '../../../../src/execution/kubernetes/api-error.js';
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

test.each([
  ['cut off in the middle', '{"kind": "finished", "mess'],
  ['empty', ''],
  ['something else', '[1, 2]'],
  ['of a kind that there is not', JSON.stringify({ ...ENDED, kind: 'splendid' })],
  ['a folder', undefined],
])('an outcome that cannot be read is kept, and the next one stands: %s', async (_, text) => {
  mkdirSync(join(folder, JOB));
  const path = join(folder, JOB, 'outcome.json');
  if (text === undefined) mkdirSync(path);
  else writeFileSync(path, text);
  const records = openRecords(folder);
  expect(await records.outcome(JOB)).toBeUndefined();
  expect(await records.end(JOB, ENDED)).toEqual(ENDED);
  expect(await records.outcome(JOB)).toEqual(ENDED);
  expect(readdirSync(join(folder, JOB)).sort()).toEqual(['outcome.2.json', 'outcome.json']);
  if (text !== undefined) expect(readFileSync(path, 'utf8')).toBe(text);
  // It may happen again.
  writeFileSync(join(folder, JOB, 'outcome.2.json'), '');
  expect(await records.outcome(JOB)).toBeUndefined();
  const later = { ...ENDED, message: 'Later.' };
  expect([await records.end(JOB, later), await records.outcome(JOB)]).toEqual([later, later]);
});

test('what cannot be read never swallows a request, a cancel or the Job of an execution', async () => {
  mkdirSync(join(folder, JOB));
  for (const name of ['spec', 'cancel', 'created']) writeFileSync(join(folder, JOB, `${name}.json`), '{');
  const records = openRecords(folder);
  const spec = specOf(JOB);
  expect(await records.begin(JOB, spec)).toEqual(spec);
  await records.cancel(JOB, 'over');
  await records.created(JOB, 'uid-1');
  expect([await records.spec(JOB), await records.cancelled(JOB), await records.uid(JOB)]).toEqual([
    spec,
    'over',
    'uid-1',
  ]);
  // What was said first still stands.
  expect(await records.begin(JOB, { ...spec, environment: { OTHER: '1' } })).toEqual(spec);
  await records.created(JOB, 'uid-2');
  expect(await records.uid(JOB)).toBe('uid-1');
});

test('replicas that meet an unreadable outcome at the same moment agree on the next', async () => {
  for (let turn = 0; turn < 20; turn += 1) {
    const job = JobName.parse(`aml-aaaaaaaaaaaaaaaaaa${'abcdefghijklmnopqrst'[turn]}a`);
    mkdirSync(join(folder, job));
    writeFileSync(join(folder, job, 'outcome.json'), 'half');
    const kept = await Promise.all(
      Array.from({ length: 8 }, (_, replica) =>
        openRecords(folder).end(job, { ...ENDED, message: `Replica ${replica}.` }),
      ),
    );
    expect(new Set(kept.map(({ message }) => message)).size).toBe(1);
    expect(await openRecords(folder).outcome(job)).toEqual(kept[0]);
  }
});

test('a sweep goes on past what it cannot remove', async () => {
  const ids = ['aml-aaaaaaaaaaaaaaaaaaaa', 'aml-bbbbbbbbbbbbbbbbbbbb', 'aml-cccccccccccccccccccc'];
  const root = join(folder, 'kubernetes');
  const records = openRecords(root);
  for (const id of ids) {
    await records.begin(JobName.parse(id), specOf(id));
    await records.end(JobName.parse(id), ENDED);
  }
  await records.created(JobName.parse(ids[0]), 'uid-1');
  mkdirSync(join(folder, 'blobs'));
  const executor = createKubernetesExecutor({
    settings: loadKubernetesSettings({
      AUTOMLGEN_KUBERNETES_IMAGE: 'image',
      AUTOMLGEN_ARTEFACT_URL: 'http://127.0.0.1:1',
    }),
    className: 'cpu',
    root: folder,
    blobs: {} as BlobAccess,
    gateway: emptyCluster(ids[0]),
  });
  const swept = await executor.sweep(async (id) => id === ids[2]);
  await executor.close();
  expect(swept.removed).toEqual([ids[1]]);
  expect(swept.kept).toEqual([ids[2]]);
  const why = expect.stringMatching(/does not allow it: jobs is forbidden/);
  expect(swept.failed).toEqual([{ id: ids[0], why }]);
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

/** Has nothing and takes everything but the end of one Job; its streams last until they are given up. */
function emptyCluster(lasting: string | undefined): Gateway {
  return {
    server: 'http://127.0.0.1:1',
    request: async <T>(path: string) => {
      if (path.endsWith(`/${lasting}`)) throw new ApiError(403, 'Forbidden', 'jobs is forbidden', 0);
      return { items: [], metadata: { resourceVersion: '1' } } as T;
    },
    async *lines(_path, { signal }) {
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    },
    mostOpen: () => 0,
    close: () => undefined,
  };
}
