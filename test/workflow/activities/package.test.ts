/** What is written at the end, also where two attempts of one activity meet. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createPackageRun } from '../../../src/activities/finalise.js';
import { createPackageSuite } from '../../../src/activities/suite.js';
import { placeWhole } from '../../../src/activities/write-whole.js';
import { UserError } from '../../../src/domain/errors.js';
import type { SuiteStatus } from '../../../src/domain/suite.js';
import { memoryStore, RUN } from '../../support/memory-store.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'automlgen-package-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function report(unrecorded: number): Promise<string> {
  const store = memoryStore();
  const run = await store.runs.find(RUN);
  if (run === undefined) throw new Error('The store has no run.');
  await store.runs.save({ ...run, config: { ...run.config, resultsFolder: folder } });
  const grade = async (): Promise<never> => {
    throw new UserError('path-missing', 'There are no answers.', 'Build them.');
  };
  const evaluator = { grade } as unknown as Parameters<typeof createPackageRun>[0]['evaluator'];
  await createPackageRun({ store, evaluator })({ runId: RUN, choice: null, refits: [], reason: 'asked', unrecorded });
  return readFileSync(join(folder, 'report.md'), 'utf8');
}

test('a report tells of events that had not reached the database', async () => {
  expect(await report(3)).toContain('The last 3 events of the search had not reached the database');
  expect(await report(1)).toContain('The last 1 event of the search');
  expect(await report(0)).not.toContain('reached the database');
});

test('attempts that meet leave whole files, and nothing beside them', async () => {
  const packageSuite = createPackageSuite();
  const rows = Array.from({ length: 400 }, (_, k) => ({ runId: `r${k}`, competition: 'c', seed: k, state: 'waiting' }));
  const common = { suiteId: 's', phase: 'done', startedMs: 0, nowMs: 0, parallel: 1, spentUsd: 0, rows, folder };
  const attempts = Array.from(
    { length: 8 },
    (_, k) => ({ ...common, title: 't'.repeat(k + 1) }) as unknown as SuiteStatus,
  );
  await Promise.all(attempts.map((status) => packageSuite({ status, folder })));
  const { title, rows: read } = JSON.parse(readFileSync(join(folder, 'suite.json'), 'utf8')) as SuiteStatus;
  expect([/^t{1,8}$/.test(title), read.length]).toEqual([true, 400]);
  expect(readdirSync(folder).sort()).toEqual(['submissions.jsonl', 'suite.json', 'suite.md']);
});

test('what could not be made leaves what was there', async () => {
  const path = join(folder, 'deep', 'answer.csv');
  await placeWhole(path, async (temporary) => writeFile(temporary, 'first'));
  const failing = placeWhole(path, async (temporary) => {
    await writeFile(temporary, 'half');
    throw new Error('out of memory');
  });
  await expect(failing).rejects.toThrow('out of memory');
  expect([readFileSync(path, 'utf8'), readdirSync(join(folder, 'deep'))]).toEqual(['first', ['answer.csv']]);
});
