/** The table of a suite at any time: what ended counts, what never began is missing. */
import { describe, expect, test } from '@jest/globals';
import { parseSubmissions } from '../../../src/benchmarks/submissions.js';
import { suiteFiles, suiteHeadlines, suiteMarkdown } from '../../../src/benchmarks/suite-table.js';
import type { Grade } from '../../../src/domain/evaluation.js';
import type { RunId } from '../../../src/domain/ids.js';
import type { SuiteRow, SuiteStatus } from '../../../src/domain/suite.js';

const score = (value: number) => ({
  value,
  standardError: 0.01,
  rows: 100,
  direction: 'maximise' as const,
  source: 'hidden' as const,
});

function grade(value: number): Grade {
  const thresholds = { gold: 0.9, silver: 0.8, bronze: 0.7, median: 0.6 };
  const medal = value >= 0.9 ? 'gold' : value >= 0.8 ? 'silver' : value >= 0.7 ? 'bronze' : 'none';
  return { score: score(value), baseline: score(0.5), medal, rank: 2, entries: 40, thresholds, variant: false };
}

function row(
  competition: string,
  seed: number,
  value: number | undefined,
  state: SuiteRow['state'] = 'done',
): SuiteRow {
  const runId = `${competition}-20261121-aaaaa${seed}` as RunId;
  const ended = state === 'done' ? { startedMs: 0, endedMs: 65_000, nodes: { valid: 3, failed: 1 } } : {};
  const result = {
    folder: `/results/${runId}`,
    reason: 'time',
    estimate: score(0.7),
    grade: value === undefined ? null : grade(value),
    bestNode: null,
  };
  return { runId, competition, seed, state, ...ended, ...(state === 'done' && { result }) };
}

function status(rows: readonly SuiteRow[]): SuiteStatus {
  return {
    suiteId: 's',
    title: 'Two tasks',
    phase: 'running',
    startedMs: 0,
    nowMs: 130_000,
    parallel: 1,
    spentUsd: 0,
    rows,
  };
}

const HALF = status([
  row('a', 1, 0.95),
  row('b', 1, 0.55),
  row('a', 2, 0.75),
  { ...row('b', 2, undefined, 'failed'), message: 'No target | column.' },
  row('a', 3, undefined, 'running'),
  row('b', 3, undefined, 'waiting'),
]);

describe('the headline of a suite', () => {
  test('counts what ended: failures without a medal, nothing for what is still to come', () => {
    const [all] = suiteHeadlines(HALF);
    expect(all).toMatchObject({
      competitions: 2,
      seeds: 3,
      missing: 2,
      anyMedal: { mean: 50 },
      valid: { mean: 75 },
      aboveMedian: { mean: 50 },
    });
  });

  test('has nothing to say before the first run has ended', () => {
    expect(suiteHeadlines(status([row('a', 1, undefined, 'running')]))).toEqual([]);
    expect(suiteMarkdown(status([row('a', 1, undefined, 'waiting')]))).toContain('1 runs: 1 waiting');
  });
});

describe('the files of a suite', () => {
  const files = new Map(suiteFiles(HALF).map(({ path, text }) => [path, text]));

  test('the table has a row for each run, with the raw metric, its error and the reason of a failure', () => {
    const lines = (files.get('suite.md') ?? '').split('\n');
    expect(lines).toContain(
      '| a | 1 | done | 0.700 ± 0.010 | 0.950 ± 0.010 | 0.500 ± 0.010 | 0.450 | 2 of 40, gold | 3 + 1 failed | 1 min 05 s |',
    );
    expect(lines.find((line) => line.startsWith('| b | 2 |'))).toContain('failed: No target \\| column.');
    expect(lines).toContain('6 runs: 3 done, 1 running, 1 waiting, 1 failed; 2 min 10 s.');
  });

  test('the list of submissions is one that graders read', () => {
    const lines = parseSubmissions(files.get('submissions.jsonl') ?? '', 'submissions.jsonl');
    expect(lines.map((line) => [line.competition_id, line.seed])).toEqual([
      ['a', '1'],
      ['b', '1'],
      ['a', '2'],
    ]);
    expect(lines[0]?.submission_path).toBe('/results/a-20261121-aaaaa1/submission.csv');
  });

  test('the numbers are there for programs', () => {
    const parsed = JSON.parse(files.get('suite.json') ?? '{}') as { rows: unknown[]; headlines: { scope: string }[] };
    expect(parsed.rows).toHaveLength(6);
    expect(parsed.headlines[0]?.scope).toBe('all');
  });
});
