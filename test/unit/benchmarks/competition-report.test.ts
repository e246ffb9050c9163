import { describe, expect, test } from '@jest/globals';
import { aggregateReport } from '../../../src/benchmarks/aggregate-report.js';
import type { Board } from '../../../src/benchmarks/board.js';
import {
  type CompetitionReport,
  competitionReport,
  medalOf,
  missingReport,
} from '../../../src/benchmarks/competition-report.js';

const UP: Board = { teams: 100, isLowerBetter: false, gold: 0.9, silver: 0.8, bronze: 0.7, median: 0.6, warnings: [] };
const DOWN: Board = { teams: 100, isLowerBetter: true, gold: 1, silver: 2, bronze: 3, median: 4, warnings: [] };
const AT = new Date('2026-01-02T03:04:05.678Z');

function reportOf(score: number | null, board?: Board): CompetitionReport {
  return competitionReport({
    competitionId: 'toy',
    submissionPath: '/runs/toy/submission.csv',
    submissionExists: true,
    score,
    ...(board && { board }),
    createdAt: AT,
  });
}

describe('a report', () => {
  test('has exactly the fields of the benchmark, in its words', () => {
    expect(reportOf(0.85, UP)).toEqual({
      competition_id: 'toy',
      score: 0.85,
      gold_threshold: 0.9,
      silver_threshold: 0.8,
      bronze_threshold: 0.7,
      median_threshold: 0.6,
      any_medal: true,
      gold_medal: false,
      silver_medal: true,
      bronze_medal: false,
      above_median: true,
      submission_exists: true,
      valid_submission: true,
      is_lower_better: false,
      created_at: '2026-01-02T03:04:05.678Z',
      submission_path: '/runs/toy/submission.csv',
    });
  });

  test.each([
    [UP, 0.9, 'gold'],
    [UP, 0.89999, 'silver'],
    [UP, 0.8, 'silver'],
    [UP, 0.79999, 'bronze'],
    [UP, 0.7, 'bronze'],
    [UP, 0.69999, undefined],
    [DOWN, 1, 'gold'],
    [DOWN, 1.00001, 'silver'],
    [DOWN, 2, 'silver'],
    [DOWN, 2.00001, 'bronze'],
    [DOWN, 3, 'bronze'],
    [DOWN, 3.00001, undefined],
  ] as const)(
    'on %j a score of %d takes %s: thresholds are inclusive, medals exclude each other',
    (board, score, medal) => {
      const report = reportOf(score, board);
      expect(medalOf(report)).toBe(medal);
      expect(report.any_medal).toBe(medal !== undefined);
      expect([report.gold_medal, report.silver_medal, report.bronze_medal].filter(Boolean)).toHaveLength(medal ? 1 : 0);
    },
  );

  test.each([
    [UP, 0.6, false],
    [UP, 0.60001, true],
    [DOWN, 4, false],
    [DOWN, 3.99999, true],
  ] as const)('on %j %d is above the median: %s, strictly', (board, score, above) => {
    expect(reportOf(score, board).above_median).toBe(above);
  });

  test('is rounded before it is compared: 0.899996 is a gold medal at 0.9', () => {
    expect(reportOf(0.899996, UP)).toMatchObject({ score: 0.9, gold_medal: true });
    expect(reportOf(0.899994, UP)).toMatchObject({ score: 0.89999, gold_medal: false, silver_medal: true });
  });

  test.each([
    [1 / 64, 0.01562],
    [3 / 64, 0.04688],
    [-1 / 64, -0.01562],
    [5 / 64, 0.07812],
    [1 / 3, 0.33333],
    [2.000005, 2],
    [1.000005, 1.00001],
    [1234567.890125, 1234567.89012],
    [0.123455, 0.12345],
    [-2.5, -2.5],
  ])('rounds %d to %d, as round(x, 5) does in Python', (value, rounded) => {
    expect(reportOf(value, UP).score).toBe(rounded);
  });

  test('without a score is no medal, not valid, and keeps the thresholds', () => {
    expect(reportOf(null, UP)).toMatchObject({
      score: null,
      valid_submission: false,
      any_medal: false,
      above_median: false,
      gold_threshold: 0.9,
    });
  });

  test('without a board has no thresholds and no medal, however good the score', () => {
    expect(reportOf(1e9)).toMatchObject({
      gold_threshold: null,
      any_medal: false,
      above_median: false,
      valid_submission: true,
    });
  });
});

test('the aggregate counts runs, submissions, valid ones, medals and medians in the field names of the benchmark', () => {
  const reports = [reportOf(0.95, UP), reportOf(0.85, UP), reportOf(0.75, UP), reportOf(0.65, UP), reportOf(null, UP)];
  const missing = missingReport('absent', AT);
  expect(aggregateReport([...reports, missing])).toEqual({
    total_runs: 6,
    total_runs_with_submissions: 5,
    total_valid_submissions: 4,
    total_medals: 3,
    total_gold_medals: 1,
    total_silver_medals: 1,
    total_bronze_medals: 1,
    total_above_median: 4,
    competition_reports: [...reports, missing],
  });
});
