/** The isolation probe, run for real: nothing can be reached from a full sandbox, and what a weaker one lets through is named. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createAttestRun } from '../../src/activities/attest.js';
import { Attestation, type AttestationReceipt } from '../../src/domain/attestation.js';
import { createLocalExecutor } from '../../src/execution/local/executor.js';
import { type AttestedRun, attestedRun } from '../support/attested-run.js';
import { RUNTIME_FOLDER, testBwrap, testPython } from '../support/execution-setup.js';
import { RUN } from '../support/memory-store.js';

const bwrap = testBwrap();
const withSandbox = bwrap === undefined ? describe.skip : describe;
const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

async function attest({ root, store, guarded }: AttestedRun, sandbox: string | undefined, python = testPython()) {
  const executor = createLocalExecutor({
    root: join(root, 'executor'),
    python,
    runtimeFolder: RUNTIME_FOLDER,
    blobs: store.blobs,
    slots: 1,
    ...(sandbox !== undefined && { bwrap: sandbox }),
  });
  const activity = createAttestRun({ store, executor, guarded });
  const receipt: AttestationReceipt = await new MockActivityEnvironment().run(activity, { runId: RUN });
  const again: AttestationReceipt = await new MockActivityEnvironment().run(activity, { runId: RUN });
  expect(again).toEqual(receipt);
  return { receipt, attestation: Attestation.parse(await store.blobs.readJson(receipt.ref)) };
}

withSandbox('in a full sandbox', () => {
  let run: AttestedRun;
  beforeAll(async () => {
    run = await attestedRun('folds');
  });
  afterAll(() => run.close());

  test('nothing is reached, in any fold, and every view is what was prepared', async () => {
    const { receipt, attestation } = await attest(run, bwrap);
    expect(attestation.attempts.filter(({ result }) => result === 'reached')).toEqual([]);
    expect(attestation.unfinished).toBeUndefined();
    expect(receipt).toMatchObject({ sealed: true, readable: [] });
    expect(attestation.views.map(({ name, seen }) => [name, seen])).toEqual(
      ['fold1', 'fold2', 'fold3', 'fold4', 'fold5', 'full'].map((name) => [name, true]),
    );
    expect(new Set(attestation.views.map(({ hash }) => hash)).size).toBe(6);
    const results = new Map(attestation.attempts.map(({ what, result }) => [what, result]));
    for (const what of [
      'the hidden labels',
      'the private answers',
      "the task's own labelled rows",
      'the labels of view fold2 by their own path',
      'connect to a server of this test',
      'files of an earlier view',
      'processes of an earlier view',
      'the environment of other processes',
      "the worker's environment",
      'an IPv4 route to the outside',
    ])
      expect([what, results.get(what)]).toEqual([what, 'refused']);
    expect(results.get('connect to nothing')).toBe('absent');
    expect(results.get('the results of this run')).toBe('absent');
    const access = new Map(attestation.mounts.map(({ path, access }) => [path, access]));
    expect(access.get('/job')).toBe('writable');
    expect(access.get('/job/input')).toBe('read-only');
    expect(access.get('/')).toBe('read-only');
  });
});

withSandbox('a view that changed since it was prepared', () => {
  test('is no longer sealed, whoever changed it', async () => {
    const run = await attestedRun('holdout');
    const path = join(run.prepared.views.main!, 'train.csv');
    const guarded = { ...run.guarded, probe: join(run.root, 'probe.py') };
    // A probe whose input differs from what trusted code hashed: as if another folder had been mounted.
    const source = readFileSync(run.guarded.probe, 'utf8');
    writeFileSync(guarded.probe, source.replace('"input": tree_hash(Path("input"))', '"input": tree_hash(Path("."))'));
    const { receipt, attestation } = await attest({ ...run, guarded }, bwrap);
    expect(receipt.sealed).toBe(false);
    expect(attestation.views.map(({ seen }) => seen)).toEqual([false, false]);
    expect(readFileSync(path, 'utf8')).toMatch(/^id,/);
    run.close();
  });
});

asRoot('as another user without a sandbox', () => {
  // The system's own interpreter: that of the cache may lie where other users cannot enter.
  const python = '/usr/bin/python3';
  const recent = spawnSync(python, ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;
  const withPython = recent ? test : test.skip;

  withPython('answers are refused, and whatever lies open on this machine is named', async () => {
    const run = await attestedRun('folds');
    const { receipt, attestation } = await attest(run, undefined, python);
    expect(attestation).toMatchObject({ level: 'process+uid', network: 'open', sealed: false });
    const results = new Map(attestation.attempts.map(({ what, result }) => [what, result]));
    const refused = ['the hidden labels', 'the private answers', 'the labels of view full by their own path'];
    for (const what of [
      ...refused,
      'a stored program',
      'the memory of other processes',
      'the open files of other processes',
    ])
      expect([what, results.get(what)]).toEqual([what, 'refused']);
    for (const what of ["the task's own labelled rows", 'network interfaces', 'connect to a server of this test'])
      expect([what, results.get(what)]).toEqual([what, 'reached']);
    // /tmp belongs to all: what a program leaves there in one fold it finds in the next.
    expect(receipt.readable).toEqual(
      expect.arrayContaining(["the task's own labelled rows", 'files of an earlier view']),
    );
    expect(receipt.readable).not.toContain('network interfaces');
    expect(readdirSync('/tmp').filter((name) => name.startsWith('left-behind'))).toEqual([]);
    run.close();
  });
});
