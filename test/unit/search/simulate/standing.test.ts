/** Tables say who is better, by how much and how surely, paired by cell. */
import { expect, test } from '@jest/globals';
import { rivalsTable, standingsTable, tuningTable } from '../../../../src/search/simulate/markdown.js';
import { difference, meanTruth, type ProfileResult, verdict } from '../../../../src/search/simulate/standing.js';

const COUNT = 40;
const played = (truthAt: (place: number) => number) => {
  const truth = Array.from({ length: COUNT }, (_, place) => truthAt(place));
  return { truth, overTime: truth.map((value) => value - 1), optimism: 0.3, nodes: 80, failed: 9 };
};
const result: ProfileResult = {
  profile: 'composer',
  landscapes: Array.from({ length: COUNT }, (_, place) => Math.floor(place / 2)),
  records: {
    steady: played((place) => place / 10),
    // Always a little better on the same cell, though cells differ far more than that.
    better: played((place) => place / 10 + 0.2 + 0.01 * (place % 3)),
    worse: played((place) => place / 10 - 0.5),
    open: played((place) => place / 10 + (place % 4 < 2 ? 0.4 : -0.42)),
  },
};

test('a small steady difference is seen because cells are paired', () => {
  const { mean, low, high } = difference(result, 'better', 'steady');
  expect(mean).toBeCloseTo(0.21, 2);
  expect(low).toBeGreaterThan(0.19);
  expect(high).toBeLessThan(0.23);
  expect(difference(result, 'steady', 'better').mean).toBeCloseTo(-mean, 9);
  expect(difference(result, 'better', 'worse', 'overTime').mean).toBeCloseTo(mean + 0.5, 9);
  expect(meanTruth(result, 'worse')).toBeCloseTo(meanTruth(result, 'steady') - 0.5, 9);
});

test('verdicts leave open what the interval leaves open', () => {
  expect(verdict(difference(result, 'better', 'steady'))).toBe('better');
  expect(verdict(difference(result, 'worse', 'steady'))).toBe('worse');
  expect(verdict(difference(result, 'open', 'steady'))).toBe('open');
  expect(() => difference(result, 'absent', 'steady')).toThrow('absent did not play in composer.');
});

test('the table of standings is sorted, bold where it is sure, and shows the reference itself', () => {
  const lines = standingsTable([result], ['worse', 'steady', 'open', 'better'], 'steady').split('\n');
  expect(lines.map((line) => line.split('|')[1]?.trim())).toEqual([
    ...['policy', '---', '`better`', '`steady`', '`open`', '`worse`'],
  ]);
  expect(lines[2]).toContain('**+0.21 [0.2');
  expect(lines[3]).toContain('(1.95)');
  expect(lines[4]).not.toContain('**');
  expect(lines[5]).toContain('**−0.50 [−0.50, −0.50]**');
});

test('the table of rivals counts verdicts; the one of variants leaves out what did not play', () => {
  const rivals = rivalsTable([result, result], 'better', ['steady', 'open']);
  expect(rivals).toContain('2 better, 0 open, 0 worse');
  const rows = [
    { name: 'better', what: 'more of it' },
    { name: 'late', what: 'not played' },
  ];
  const tuning = tuningTable({ tune: [result], confirm: [result] }, rows, 'steady').split('\n');
  expect(tuning[2]?.match(/\+0\.21/g)).toHaveLength(2);
  expect(tuning[3]).toBe('| not played |  |  |');
});
