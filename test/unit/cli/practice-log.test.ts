import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  appendEntry,
  keyText,
  missing,
  type PracticeEntry,
  type PracticeFailure,
  type PracticeKey,
  type PracticeRow,
  parseLog,
  readLog,
  settled,
} from '../../../src/cli/practice-log.js';
import { plannedRuns } from '../../../src/cli/practice-plan.js';
import { practiceSummary } from '../../../src/cli/render/practice-summary.js';
import { practiceTable } from '../../../src/cli/render/practice-table.js';
import { UserError } from '../../../src/domain/errors.js';
import type { Grade } from '../../../src/domain/evaluation.js';

const OPTIONS = {
  budgetMs: 60_000,
  seed: 1,
  splitSeed: 1,
  policy: 'mcgs',
  mode: 'auto',
  requireSandbox: false,
} as const;

function key(competition: string, builderSeed: number): PracticeKey {
  return { competition, builderSeed, budgetSeconds: 60, seed: 1, splitSeed: 1, policy: 'mcgs', mode: 'auto' };
}

function score(value: number): Grade['score'] {
  return { value, standardError: 0.02, rows: 629, direction: 'minimise', source: 'hidden' };
}

function row(competition: string, builderSeed: number, delta = 0.1, grade: Partial<Grade> = {}): PracticeRow {
  return {
    ...key(competition, builderSeed),
    runId: `${competition}-20260101-aaaaaa`,
    metric: 'logloss',
    slots: 2,
    grade: {
      score: score(0.6 - delta),
      baseline: score(2.3),
      reference: { score: score(0.6), delta, pairedSE: 0.05 },
      medal: 'bronze',
      rank: 7,
      entries: 60,
      variant: false,
      ...grade,
    },
    estimate: score(0.5),
    bestSingle: score(0.51),
    chosen: 'blend of 3',
    nodes: { valid: 20, failed: 1, rejected: 0 },
    failures: { timeout: 1 },
    utilisation: 0.91,
    eventsPerNode: 12.3,
    bytesPerNode: 20_480,
  };
}

function failure(competition: string, builderSeed: number, code?: string): PracticeFailure {
  const message = 'The download | broke\noff.';
  return { ...key(competition, builderSeed), failed: { message, ...(code !== undefined && { code }) } };
}

const text = (entries: readonly PracticeEntry[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

describe('what is still to be run', () => {
  test('every competition of the first seed comes before the second seed', () => {
    const runs = plannedRuns(['p08', 'p02'], [4, 5], OPTIONS);
    expect(runs.map((run) => [run.competition, run.builderSeed])).toEqual([
      ['p08', 4],
      ['p02', 4],
      ['p08', 5],
      ['p02', 5],
    ]);
    expect(runs[0]).toEqual({ ...key('p08', 4) });
  });

  test('a finished run is not repeated, a failed one is, and another budget is another measurement', () => {
    const planned = plannedRuns(['p02', 'p08'], [1, 2], OPTIONS);
    const log = [row('p02', 1), failure('p08', 1), { ...row('p08', 2), budgetSeconds: 300 }];
    expect(missing(planned, log)).toEqual([key('p08', 1), key('p02', 2), key('p08', 2)]);
    expect(missing(planned, [...log, row('p08', 1)])).toEqual([key('p02', 2), key('p08', 2)]);
  });

  test.each([
    ['seed', { seed: 2 }],
    ['split seed', { splitSeed: 2 }],
    ['policy', { policy: 'uct' }],
    ['mode', { mode: 'folds' }],
    ['cap on programs', { executions: 5 }],
    ['author', { author: '["llm"]' }],
    ['executor', { machines: 'kubernetes/cpu' }],
    ['number of slots', { askedSlots: 4 }],
    ['memory', { memoryMiB: 1024 }],
  ])('another %s is another measurement', (_, other) => {
    expect(missing([key('p02', 1)], [{ ...row('p02', 1), ...other }])).toEqual([key('p02', 1)]);
  });
});

test('runs of another author, on other machines or with other limits are planned as measurements of their own', () => {
  const one = (more: object = {}, environment: NodeJS.ProcessEnv = {}) =>
    plannedRuns(['p02'], [1], { ...OPTIONS, ...more }, environment)
      .map(keyText)
      .join();
  const model = {
    name: 'm',
    review: true,
    usageGate: false,
    draft: 'single',
    contextTokens: 64_000,
    maxOutputTokens: 16_000,
  };
  const authorship = { author: 'llm', model, caps: { usd: 1 }, prices: {} };
  const cluster = { AUTOMLGEN_EXECUTOR: 'kubernetes' };
  const keys = [
    one(),
    one({ authorship }),
    one({ authorship: { ...authorship, author: 'mixed' } }),
    one({ authorship: { ...authorship, model: { ...model, name: 'n' } } }),
    one({ authorship: { ...authorship, model: { ...model, review: false } } }),
    one({ authorship: { ...authorship, caps: {} } }),
    one({}, cluster),
    one({}, { ...cluster, AUTOMLGEN_EXECUTION_CLASS: 'gpu' }),
    one({ slots: 4 }),
    one({ memoryMiB: 999 }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  expect(one({ authorship: { author: 'composer', caps: {}, prices: {} } })).toBe(keyText(key('p02', 1)));
  const prices = { m: { input: 1, output: 2, source: 'x' } };
  expect(one({ authorship: { ...authorship, prices } })).toBe(keys[1]);
});

describe('the log', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'practice-log-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('gives back what was appended, and nothing before it exists', async () => {
    const path = join(folder, 'new.jsonl');
    expect(await readLog(path)).toEqual([]);
    await appendEntry(path, row('p02', 1));
    await appendEntry(path, failure('p08', 1, 'download-failed'));
    expect(await readLog(path)).toEqual([row('p02', 1), failure('p08', 1, 'download-failed')]);
  });

  test.each([1, 40, 300])('a last line of which %s characters were written spoils nothing', async (length) => {
    const path = join(folder, `torn-${length}.jsonl`);
    await writeFile(path, text([row('p02', 1)]) + JSON.stringify(row('p08', 1)).slice(0, length));
    expect(await readLog(path)).toEqual([row('p02', 1)]);
    await appendEntry(path, row('p09', 1));
    expect(await readLog(path)).toEqual([row('p02', 1), row('p09', 1)]);
  });

  test('a last line that lacks only its end is kept', async () => {
    const path = join(folder, 'whole.jsonl');
    await writeFile(path, JSON.stringify(row('p02', 1)));
    await appendEntry(path, row('p09', 1));
    expect(await readFile(path, 'utf8')).toBe(text([row('p02', 1), row('p09', 1)]));
  });

  test('a line of an older log has the settings that there were', () => {
    const { seed, splitSeed, policy, mode, ...older } = row('p02', 1);
    expect(parseLog(JSON.stringify(older), 'old.jsonl')).toEqual([row('p02', 1)]);
    expect([seed, splitSeed, policy, mode]).toEqual([1, 1, 'mcgs', 'auto']);
  });

  test('a line that is something else is named', () => {
    const wrong = (): unknown => parseLog(`${text([row('p02', 1)])}{"competition":"p02"}\n`, 'mine.jsonl');
    expect(wrong).toThrow(UserError);
    expect(wrong).toThrow('Line 2 of mine.jsonl');
  });

  test('a later finished run replaces a failure, a later failure replaces no finished run', () => {
    const again = { ...row('p02', 1), runId: 'later' };
    expect(settled([failure('p02', 1), row('p02', 1), row('p08', 1)])).toEqual([row('p02', 1), row('p08', 1)]);
    expect(settled([row('p02', 1), failure('p02', 1)])).toEqual([row('p02', 1)]);
    expect(settled([row('p02', 1), again])).toEqual([again]);
    expect(settled([failure('p02', 1, 'a'), failure('p02', 1, 'b')])).toEqual([failure('p02', 1, 'b')]);
  });
});

describe('the tables', () => {
  const cells = (line: string | undefined): readonly string[] => (line ?? '').split(' | ').map((cell) => cell.trim());

  test('tell baseline, reference, final, gain and place', () => {
    const [head, , line] = practiceTable([row('p08', 2)]).split('\n');
    expect(cells(line)).toHaveLength(cells(head).length);
    for (const part of ['2.300 ± 0.020', '0.600 ± 0.020', '**0.500 ± 0.020** (blend of 3)', '0.100 ± 0.050 (2.0 SE)']) {
      expect(line).toContain(`| ${part} |`);
    }
    expect(line).toContain('| 7 of 60, bronze |');
  });

  test('a failed run is one line of as many cells, with its reason and code', () => {
    const [head, , line, rest] = practiceTable([failure('p08', 3, 'download-failed')]).split('\n');
    expect(cells(line)).toHaveLength(cells(head).length);
    expect(line).toContain('| failed: The download broke off. [download-failed] |');
    expect(rest).toBe('');
  });

  test('other data give no place on the board', () => {
    const table = practiceTable([row('p08', 1, 0.1, { variant: true, rank: 1, medal: 'none' })]);
    expect(table).toContain('| none: other data |');
    expect(table).not.toContain('1 of 60');
  });

  test('the summary counts what was better, equal and worse by the paired error, and medals that count', () => {
    const entries = [
      row('p08', 1, 0.12),
      row('p08', 2, 0.04, { medal: 'none' }),
      row('p08', 3, -0.1, { variant: true }),
      failure('p08', 4),
      failure('p02', 1),
    ];
    const [, , first, second] = practiceSummary(entries).split('\n');
    expect(first).toBe('| p08 | logloss | 3 | 1 | 0.020 (-0.100 to 0.120) | 1 / 1 / 1 | 1 |');
    expect(second).toBe('| p02 |  | 0 | 1 |  |  | 0 |');
  });
});
