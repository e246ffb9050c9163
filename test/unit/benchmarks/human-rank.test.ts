import { describe, expect, test } from '@jest/globals';
import { humanRank, meanHumanRank } from '../../../src/benchmarks/human-rank.js';

/** A board of 462 entries on which `score` would take the place `place`, best first. */
function boardFor(score: number, place: number): readonly number[] {
  return Array.from({ length: 462 }, (_, index) => score + (place - 1 - index) * 1e-4 - 5e-5);
}

describe('HumanRank', () => {
  test.each([
    [0.5563755038, 301, 0.3506493506],
    [0.5988220347, 234, 0.4956709957],
    [0.6225761801, 198, 0.5735930736],
  ])('of %d at place %d of 462 is %d', (score, place, expected) => {
    const rank = humanRank(score, boardFor(score, place), false);
    expect(Math.abs((rank ?? 0) - (462 - place + 1) / 462)).toBeLessThan(1e-12);
    expect(rank).toBeCloseTo(expected, 10);
  });

  test.each([
    [10, 1],
    [9, 1],
    [8, 0.75],
    [7, 0.75],
    [4, 0.25],
    [3, 0.25],
    [2, 0],
  ])('of %d on 9, 7, 5, 3 is %d: ties count for the score, beating nobody is 0', (score, expected) => {
    expect(humanRank(score, [9, 7, 5, 3], false)).toBe(expected);
    expect(humanRank(-score, [-9, -7, -5, -3], true)).toBe(expected);
  });

  test('takes the first of equal entries', () => {
    expect(humanRank(5, [9, 5, 5, 5], false)).toBe(0.75);
  });

  test('of NaN is 0, and there is none on an empty board', () => {
    expect(humanRank(Number.NaN, [9, 7], false)).toBe(0);
    expect(humanRank(1, [], false)).toBeUndefined();
  });

  test('is the mean over the boards that are there', () => {
    expect(
      meanHumanRank(
        5,
        [
          [9, 5],
          [4, 3, 2, 1],
        ],
        false,
      ),
    ).toBe((0.5 + 1) / 2);
    expect(meanHumanRank(5, [[9, 5], []], false)).toBe(0.5);
    expect(meanHumanRank(5, [], false)).toBeUndefined();
  });
});
