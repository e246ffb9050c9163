import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createAttestRun } from '../../../src/activities/attest.js';
import { hashView } from '../../../src/activities/view-hash.js';
import { Attestation, type AttestationReceipt } from '../../../src/domain/attestation.js';
import type { ExecutionSpec } from '../../../src/domain/execution-spec.js';
import { BlobId, type ExecutionId } from '../../../src/domain/ids.js';
import type { Outcome } from '../../../src/domain/outcome.js';
import type { Executor } from '../../../src/execution/port.js';
import { type MemoryStore, memoryStore, PREPARED, RUN } from '../../support/memory-store.js';

type Answer = (spec: ExecutionSpec, store: MemoryStore) => Promise<Outcome> | undefined;

const OUTCOME: Outcome = {
  kind: 'finished',
  message: 'finished',
  seconds: 1,
  cpuSeconds: 1,
  gpuSeconds: 0,
  peakMemoryMiB: 20,
  milestones: 7,
  viewSeconds: {},
  stdoutTail: '',
  stderrHead: '',
  stderrTail: '',
  files: [],
};

/** A run with one real view, and a probe that only repeats what it was told. */
async function bench(answer: Answer) {
  const folder = mkdtempSync(join(tmpdir(), 'automlgen-attest-'));
  const view = join(folder, 'views', 'main');
  mkdirSync(join(view, 'deep'), { recursive: true });
  writeFileSync(join(view, 'train.csv'), 'id,y\n1,2\n');
  writeFileSync(join(view, 'deep', 'more.csv'), 'x\n');
  mkdirSync(join(folder, 'hidden'));
  writeFileSync(join(folder, 'hidden', 'labels.csv'), 'row_id,part,label\n');
  writeFileSync(join(folder, 'probe.py'), 'told = "@GIVEN@"\n');
  const store = memoryStore();
  const prepared = { ...PREPARED, views: { main: view }, hiddenFolder: join(folder, 'hidden') };
  store.saved.runs.set(RUN, { ...store.saved.runs.get(RUN)!, prepared });
  const asked = { specs: [] as ExecutionSpec[], cancelled: [] as ExecutionId[], released: [] as ExecutionId[] };
  const executor = {
    capabilities: async () => ({ sandbox: 'full', network: 'blocked' }),
    submit: async (spec: ExecutionSpec) => {
      asked.specs.push(spec);
      return { id: spec.id, adopted: false };
    },
    wait: (_: unknown, options?: { signal?: AbortSignal }) =>
      answer(asked.specs.at(-1)!, store) ??
      new Promise((_resolve, reject) => {
        options?.signal?.addEventListener('abort', () => reject(new Error('stopped waiting')));
      }),
    cancel: async (id: ExecutionId) => void asked.cancelled.push(id),
    release: async (id: ExecutionId) => void asked.released.push(id),
  } as unknown as Executor;
  const guarded = { probe: join(folder, 'probe.py'), places: [], servers: [] };
  return { store, asked, view, attest: createAttestRun({ store, executor, guarded }) };
}

/** Every place that it was told of is refused, but those whose name is in `open`. */
const told =
  (...open: readonly string[]): Answer =>
  async (spec, store) => {
    const text = /^told = (.*)$/m.exec(await store.blobs.readText(spec.program))![1]!;
    const given = JSON.parse(JSON.parse(text)) as { places: { what: string; path: string }[] };
    const attempts = given.places.map(({ what, path }) => ({
      what,
      target: path,
      reached: open.includes(what),
      detail: 'd',
    }));
    const input = (await hashView(spec.views[0]!.input)).hash;
    const blob = await store.blobs.save(JSON.stringify({ attempts, mounts: [], environment: [], input }));
    return { ...OUTCOME, files: [{ view: 'main', name: 'attestation.json', blob, bytes: 1 }] };
  };

const run = (attest: Awaited<ReturnType<typeof bench>>['attest']): Promise<AttestationReceipt> =>
  new MockActivityEnvironment().run(attest, { runId: RUN });

test('the probe runs as a program does, in every view, charges nothing and is asked once', async () => {
  const { store, asked, attest } = await bench(told());
  const receipt = await run(attest);
  expect(receipt).toMatchObject({ sealed: true, readable: [] });
  expect(receipt.attempts).toBeGreaterThan(2);
  expect(await run(attest)).toEqual(receipt);
  expect(asked.specs).toHaveLength(1);
  expect(asked.specs[0]).toMatchObject({ network: 'none', environment: {}, outputs: ['attestation.json'] });
  expect(asked.released).toEqual([asked.specs[0]!.id]);
  expect([...store.saved.ledger.values()].map(({ callId, cost }) => [callId, cost.executions, cost.seconds])).toEqual([
    [asked.specs[0]!.id, 0, 0],
  ]);
  expect(store.saved.nodes.size).toBe(0);
});

test('what was reached is in the receipt, and the whole of it under its reference', async () => {
  const { store, attest } = await bench(told('the hidden labels', 'a stored program'));
  const receipt = await run(attest);
  // A stored program is no answer: it is told, but scores stay what they were.
  expect(receipt).toMatchObject({ sealed: false, readable: ['the hidden labels'] });
  const attestation = Attestation.parse(await store.blobs.readJson(BlobId.parse(receipt.ref)));
  const results = attestation.attempts.map(({ what, result }) => `${what}: ${result}`);
  expect(results).toEqual(expect.arrayContaining(['the hidden labels: reached', 'a stored program: reached']));
  expect(results).toContain("the task's own labelled rows: absent");
  expect(attestation.views).toEqual([expect.objectContaining({ name: 'main', files: 2, bytes: 11, seen: true })]);
  expect(store.saved.runs.get(RUN)?.attestation).toEqual(receipt);
});

test('lost to infrastructure, it is tried under another id, three times at most', async () => {
  const lost = await bench(async () => ({ ...OUTCOME, kind: 'infrastructure', message: 'supervisor lost' }));
  expect(await run(lost.attest)).toMatchObject({ sealed: false, attempts: 0, readable: [] });
  expect(new Set(lost.asked.specs.map(({ id }) => id)).size).toBe(3);
  let tries = 0;
  const once = await bench((spec, store) => {
    tries += 1;
    return tries === 1 ? Promise.resolve({ ...OUTCOME, kind: 'infrastructure' as const }) : told()(spec, store);
  });
  expect(await run(once.attest)).toMatchObject({ sealed: true });
});

test('a probe that fails proves nothing, and says how it failed', async () => {
  const { store, attest } = await bench(async () => ({
    ...OUTCOME,
    kind: 'timeout',
    message: 'still running after 300 s',
  }));
  const { ref, sealed } = await run(attest);
  expect(sealed).toBe(false);
  expect(await store.blobs.readJson(ref)).toMatchObject({ unfinished: 'still running after 300 s' });
});

test.each([
  ['cancelRequested', 1],
  ['workerShutdown', 0],
] as const)('%s: the probe is stopped %d times', async (reason, stops) => {
  const { asked, attest } = await bench(() => undefined);
  const environment = new MockActivityEnvironment();
  const running = environment.run(attest, { runId: RUN });
  const ended = expect(running).rejects.toThrow();
  while (asked.specs.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  environment.cancel('CANCELLED', new ActivityCancellationDetails({ [reason]: true }));
  await ended;
  expect(asked.cancelled).toHaveLength(stops);
});
