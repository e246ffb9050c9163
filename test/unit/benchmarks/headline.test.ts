import { describe, expect, test } from '@jest/globals';
import type { Board } from '../../../src/benchmarks/board.js';
import { type CompetitionReport, competitionReport } from '../../../src/benchmarks/competition-report.js';
import { headline, type SeedReports } from '../../../src/benchmarks/headline.js';
import { competitionTable, headlineTable } from '../../../src/benchmarks/markdown-table.js';
import { bySeed } from '../../../src/benchmarks/report-files.js';
import { parseSubmissions, submissionLines } from '../../../src/benchmarks/submissions.js';

const BOARD: Board = {
  teams: 100,
  isLowerBetter: false,
  gold: 0.9,
  silver: 0.8,
  bronze: 0.7,
  median: 0.6,
  warnings: [],
};

function graded(competitionId: string, score: number | null): CompetitionReport {
  return competitionReport({
    competitionId,
    submissionPath: `/s/${competitionId}.csv`,
    submissionExists: true,
    score,
    board: BOARD,
    createdAt: new Date(0),
  });
}

const LEAKY = 'random-acts-of-pizza';
const CROWDED = 'tabular-playground-series-dec-2021';

/** Any-medal shares of 3/4, 2/4 and 1/4 over all four. */
const SEEDS: readonly SeedReports[] = [
  { seed: '1', reports: [graded('leaf', 0.95), graded('taxi', 0.5), graded(LEAKY, 0.99), graded(CROWDED, 0.9)] },
  { seed: '2', reports: [graded('leaf', 0.75), graded('taxi', null), graded(LEAKY, 0.99), graded(CROWDED, 0.1)] },
  { seed: '3', reports: [graded('leaf', 0.65), graded('taxi', 0.62), graded(LEAKY, 0.99), graded(CROWDED, 0.1)] },
];

describe('headline numbers', () => {
  test('are three: all, without leaky, without leaky and crowded', () => {
    const lines = headline(SEEDS);
    expect(lines.map(({ scope, competitions }) => [scope, competitions])).toEqual([
      ['all', 4],
      ['without-leaky', 3],
      ['without-leaky-and-crowded', 2],
    ]);
    expect(lines.map(({ anyMedal }) => anyMedal.mean)).toEqual([
      expect.closeTo(50, 10),
      expect.closeTo((100 * (2 + 1 + 0)) / 9, 10),
      expect.closeTo((100 * (1 + 1 + 0)) / 6, 10),
    ]);
  });

  test('carry the standard error over seeds with n - 1, and the binomial error over tasks', () => {
    const [all] = headline(SEEDS);
    // Shares 75, 50 and 25: deviation 25, divided by the root of 3.
    expect(all?.anyMedal.sem).toBeCloseTo(25 / Math.sqrt(3), 10);
    expect(all?.anyMedal.binomial).toBeCloseTo(100 * Math.sqrt((0.5 * 0.5) / 4), 10);
  });

  test('count valid submissions and those above the median too', () => {
    const [all] = headline(SEEDS);
    expect(all?.valid.mean).toBeCloseTo((100 * (1 + 0.75 + 1)) / 3, 10);
    expect(all?.aboveMedian.mean).toBeCloseTo((100 * (0.75 + 0.5 + 0.75)) / 3, 10);
  });

  test('of one seed have no standard error', () => {
    expect(headline(SEEDS.slice(0, 1))[0]?.anyMedal).toMatchObject({ mean: 75, sem: null });
  });

  test('leave absent competitions out, or pad them as failures', () => {
    const seeds: readonly SeedReports[] = [{ seed: '1', reports: [graded('leaf', 0.95)] }];
    const competitions = ['leaf', 'taxi', 'bike', 'whale'];
    expect(headline(seeds, { competitions })[0]).toMatchObject({ missing: 3, anyMedal: { mean: 100 } });
    expect(headline(seeds, { competitions, padMissing: true })[0]).toMatchObject({
      missing: 3,
      competitions: 4,
      anyMedal: { mean: 25 },
      valid: { mean: 25 },
    });
  });

  test('pad what one seed lacks and another has', () => {
    const seeds = [SEEDS[0]!, { seed: '2', reports: [graded('leaf', 0.95)] }];
    expect(headline(seeds, { padMissing: true })[0]?.anyMedal.mean).toBeCloseTo((75 + 25) / 2, 10);
    expect(headline(seeds)[0]?.anyMedal.mean).toBeCloseTo((75 + 100) / 2, 10);
  });

  test('refuse two reports of a competition in one seed, from which the better could be taken', () => {
    expect(() => headline([{ seed: '7', reports: [graded('leaf', 0.1), graded('leaf', 0.95)] }])).toThrow(
      /Seed 7.*leaf/,
    );
  });

  test('refuse nothing', () => {
    expect(() => headline([])).toThrow(/no report/);
  });
});

test('the tables say every number with its error and flag what is known to be wrong', () => {
  expect(headlineTable(headline(SEEDS))).toBe(
    [
      '| competitions | number | seeds | missing | any medal % | gold % | above median % | valid % | error over tasks |',
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
      '| all | 4 | 3 | 0 | **50.0 ± 14.4** | 41.7 ± 16.7 | 66.7 ± 8.3 | 91.7 ± 8.3 | ± 25.0 |',
      '| without leaky | 3 | 3 | 0 | **33.3 ± 19.2** | 22.2 ± 22.2 | 55.6 ± 11.1 | 88.9 ± 11.1 | ± 27.2 |',
      '| without leaky and crowded | 2 | 3 | 0 | **33.3 ± 16.7** | 16.7 ± 16.7 | 66.7 ± 16.7 | 83.3 ± 16.7 | ± 33.3 |',
      '',
    ].join('\n'),
  );
  expect(competitionTable(SEEDS)).toBe(
    [
      '| competition | seed 1 | seed 2 | seed 3 | flag |',
      '| --- | --- | --- | --- | --- |',
      '| leaf | 0.95 gold | 0.75 bronze | 0.65 above median |  |',
      `| ${LEAKY} | 0.99 gold | 0.99 gold | 0.99 gold | leaky |`,
      `| ${CROWDED} | 0.9 gold | 0.1 | 0.1 | crowded |`,
      '| taxi | 0.5 | invalid | 0.62 above median |  |',
      '',
    ].join('\n'),
  );
});

describe('files of reports', () => {
  test('are a seed each when they name none, as the benchmark writes them', () => {
    const text = (id: string) => JSON.stringify({ total_runs: 1, competition_reports: [graded(id, 0.5)] });
    const seeds = bySeed([
      { name: 'a.json', text: text('leaf') },
      { name: 'b.json', text: text('leaf') },
    ]);
    expect(seeds.map(({ seed, reports }) => [seed, reports.length])).toEqual([
      ['1', 1],
      ['2', 1],
    ]);
  });

  test('are taken apart by the seeds that reports name, single reports included', () => {
    const one = { ...graded('leaf', 0.5), seed: '11' };
    const two = { ...graded('taxi', 0.5), seed: '11' };
    const seeds = bySeed([
      { name: 'a.json', text: JSON.stringify(one) },
      { name: 'b.json', text: JSON.stringify(two) },
    ]);
    expect(seeds).toEqual([{ seed: '11', reports: [one, two] }]);
  });

  test('that are none are named', () => {
    expect(() => bySeed([{ name: 'x.json', text: '{"hello": 1}' }])).toThrow(/x\.json/);
    expect(() => bySeed([{ name: 'y.json', text: 'no json' }])).toThrow(/y\.json/);
  });
});

describe('the list of submissions', () => {
  test('is JSON lines; blank lines and comments are passed over, a seed may be a number', () => {
    const text = [
      '# first group',
      '{"competition_id": "leaf", "submission_path": "a.csv", "logs_path": "l", "seed": 3}',
      '',
      '// second group',
      '{"competition_id": "taxi", "submission_path": "b.csv"}',
    ].join('\n');
    expect(parseSubmissions(text, 'all.jsonl')).toEqual([
      { competition_id: 'leaf', submission_path: 'a.csv', logs_path: 'l', seed: '3' },
      { competition_id: 'taxi', submission_path: 'b.csv' },
    ]);
  });

  test('is written as it is read', () => {
    const lines = [{ competition_id: 'leaf', submission_path: 'a.csv', code_path: 'code' }];
    expect(parseSubmissions(submissionLines(lines), 'x')).toEqual(lines);
  });

  test.each(['{"competition_id": "leaf"}', 'leaf,a.csv', '[]'])('names the line of %s', (line) => {
    expect(() => parseSubmissions(`# one\n${line}`, 'all.jsonl')).toThrow(/all\.jsonl, line 2/);
  });
});
