/** What a run knows of its task's texts from its first moment on, wherever it is worked on later. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Dependencies } from '../../../src/activities/dependencies.js';
import { createPrepareRun } from '../../../src/activities/prepare.js';
import { descriptionOf, inputsOf } from '../../../src/activities/task-texts.js';
import { type MemoryStore, memoryStore, PREPARED, RUN } from '../../support/memory-store.js';

let folder: string;
let store: MemoryStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'automlgen-prepare-'));
  writeFileSync(join(folder, 'baseline.csv'), 'id,y\n1,0\n');
  store = memoryStore();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function recordOf() {
  const run = await store.runs.find(RUN);
  if (run === undefined) throw new Error('The store has no run.');
  return run;
}

/** The run prepared with a task whose description has this name. */
async function prepared(description?: string) {
  const run = await recordOf();
  const capabilities = async () => ({ sandbox: 'full', slots: 2, network: 'none', notes: [] });
  const prepare = async () => ({ ...PREPARED, baselineSubmission: join(folder, 'baseline.csv') });
  const needs = { store, evaluator: { prepare }, executor: { capabilities }, preparedFolder: folder };
  const { description: _, ...task } = run.source.task;
  const source = { ...run.source, folder, task: description === undefined ? task : { ...task, description } };
  return createPrepareRun(needs as unknown as Dependencies)({ runId: RUN, source, config: run.config });
}

describe('the description', () => {
  test('is kept as it was, for authors on machines without the folder of the task', async () => {
    writeFileSync(join(folder, 'task.md'), `Predict y. ${'x'.repeat(30_000)}`);
    const { warnings } = await prepared('task.md');
    rmSync(join(folder, 'task.md'));
    const told = await descriptionOf(store.blobs, await recordOf());
    expect([told.slice(0, 10), told.length]).toEqual(['Predict y.', 20_000]);
    expect(warnings.join()).not.toContain('description');
  });

  test('that was named and is not there is said so; the title is told', async () => {
    const { warnings } = await prepared('gone.md');
    expect(warnings).toContainEqual(expect.stringContaining('The description gone.md is not there'));
    expect(await descriptionOf(store.blobs, await recordOf())).toBe(PREPARED.card.title);
  });

  test('that nobody named is not missed', async () => {
    const { warnings } = await prepared();
    expect(warnings.join()).not.toContain('description');
    expect(await descriptionOf(store.blobs, await recordOf())).toBe(PREPARED.card.title);
  });

  test('that cannot be read is a fault, before the run and during it', async () => {
    mkdirSync(join(folder, 'task.md'));
    await expect(prepared('task.md')).rejects.toThrow(/EISDIR/);
    const run = await recordOf();
    const source = { ...run.source, folder, task: { ...run.source.task, description: 'task.md' } };
    await expect(descriptionOf(store.blobs, { ...run, source })).rejects.toThrow(/EISDIR/);
  });
});

test('input files are told where the view is, and left out where it is not or this machine has no way to it', async () => {
  writeFileSync(join(folder, 'train.csv'), 'a,b\n1,2\n');
  const told = await inputsOf({ views: { main: folder } });
  expect(told.inputs?.map(({ path }) => path)).toContain('train.csv');
  expect(await inputsOf({ views: { main: join(folder, 'elsewhere') } })).toEqual({});
  expect(await inputsOf({ views: { main: join(folder, 'train.csv') } })).toEqual({});
});
