import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { PracticeEntry, PracticeKey } from '../../../src/cli/practice-log.js';
import { exitCodeOf, type RunAll, runMissing } from '../../../src/cli/practice-sweep.js';

const key = (competition: string, builderSeed = 1): PracticeKey => ({
  ...{ competition, builderSeed, budgetSeconds: 60 },
  ...{ seed: 1, splitSeed: 1, policy: 'mcgs', mode: 'auto' },
});
const done = (planned: PracticeKey, runId = 'r1'): PracticeEntry => ({
  ...planned,
  ...{ runId, metric: 'auc', slots: 2, grade: null, estimate: null, bestSingle: null, chosen: 'baseline' },
  ...{ nodes: { valid: 0, failed: 0, rejected: 0 }, failures: {}, utilisation: 0, eventsPerNode: 0, bytesPerNode: 0 },
});
const failed = (planned: PracticeKey, message = 'no worker'): PracticeEntry => ({ ...planned, failed: { message } });
const [A, B, C] = [key('p01'), key('p02'), key('p03')];

let folder = '';
let log = '';
/** What a person was told. */
let told: string[] = [];
beforeEach(async () => {
  told = [];
  jest.spyOn(console, 'error').mockImplementation((text: string) => void told.push(text));
  folder = await mkdtemp(join(tmpdir(), 'automlgen-sweep-'));
  log = join(folder, 'runs.jsonl');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});
const linesOf = async () =>
  (await readFile(log, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Ends each run with what `endOf` says, and keeps which were asked for. */
function runner(endOf: (run: PracticeKey) => PracticeEntry = done) {
  const asked: string[] = [];
  const run: RunAll = async (runs, onEntry) => {
    for (const each of runs) {
      asked.push(each.competition);
      await onEntry(endOf(each));
    }
  };
  return { asked, run };
}

describe('the runs that a log lacks', () => {
  test('without a log all are run; what failed is an entry and stops none of the others', async () => {
    const { asked, run } = runner((each) => (each === B ? failed(each) : done(each)));
    const sweep = await runMissing([A, B, C], undefined, run);
    expect(asked).toEqual(['p01', 'p02', 'p03']);
    expect(sweep).toEqual({ known: [done(A), failed(B), done(C)], planned: 3 });
  });

  test('what is finished there is not run again, what failed there is, and other measurements are left alone', async () => {
    const other = done(key('p01', 2), 'other');
    const before = [done(A, 'before'), failed(B), other];
    await writeFile(log, before.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    const { asked, run } = runner((each) => done(each, 'now'));
    const sweep = await runMissing([A, B, C], log, run);
    expect(asked).toEqual(['p02', 'p03']);
    expect(sweep).toEqual({ known: [done(A, 'before'), done(B, 'now'), done(C, 'now')], planned: 3, log });
    expect(await linesOf()).toEqual([...before, done(B, 'now'), done(C, 'now')]);
    expect(told).toEqual([`1 of 3 are in ${log}.`]);
  });

  test('each entry is in the log before the next run begins', async () => {
    const seen: number[] = [];
    const { run } = runner();
    await runMissing([A, B], log, (runs, onEntry) =>
      run(runs, async (entry) => {
        await onEntry(entry);
        seen.push((await linesOf()).length);
      }),
    );
    expect(seen).toEqual([1, 2]);
  });

  test('nothing is started when nothing is missing, and what stops all of them leaves what was done', async () => {
    await runMissing([A], log, runner().run);
    const { asked, run } = runner();
    expect((await runMissing([A], log, run)).known).toEqual([done(A)]);
    expect(asked).toEqual([]);
    const breaks: RunAll = async ([first], onEntry) => {
      if (first) await onEntry(done(first));
      throw new Error('no server');
    };
    await expect(runMissing([A, B, C], log, breaks)).rejects.toThrow('no server');
    expect(await linesOf()).toEqual([done(A), done(B)]);
  });

  test('a file that is no log is refused before anything is run', async () => {
    await writeFile(log, 'hello\n');
    const { asked, run } = runner();
    await expect(runMissing([A], log, run)).rejects.toMatchObject({ code: 'option-invalid' });
    expect(asked).toEqual([]);
  });
});

test('the exit code: 0 when all have a result, 1 when one failed, 130 after Ctrl-C', () => {
  const going = new AbortController();
  expect(exitCodeOf({ known: [done(A)], planned: 1 }, going.signal)).toBe(0);
  expect(exitCodeOf({ known: [done(A), failed(B)], planned: 2 }, going.signal)).toBe(1);
  going.abort();
  expect(told).toEqual([]);
  expect(exitCodeOf({ known: [failed(B)], planned: 2 }, going.signal)).toBe(130);
  expect(exitCodeOf({ known: [], planned: 2, log }, going.signal)).toBe(130);
  expect(told).toEqual([
    'Stopped after 1 of 2 runs.',
    'Stopped after 0 of 2 runs. The same command goes on from here.',
  ]);
});
