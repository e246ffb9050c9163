/** Intervals say what they should: they widen with the spread between landscapes, not with the number of seeds on each. */
import { expect, test } from '@jest/globals';
import { hierarchicalInterval } from '../../../../src/search/simulate/bootstrap.js';
import { normalAt } from '../../../../src/search/simulate/chance.js';

const drawn = (landscapes: number, seeds: number, between: number, within: number, stream = 1) =>
  Array.from({ length: landscapes }, (_, landscape) =>
    Array.from(
      { length: seeds },
      (_, seed) => 0.5 + between * normalAt(stream, landscape) + within * normalAt(stream + 7, landscape, seed),
    ),
  );
const width = ({ low, high }: { low: number; high: number }) => high - low;

test('the mean lies inside and the width is that of the normal theory', () => {
  const interval = hierarchicalInterval(drawn(60, 2, 1, 0.5), 500);
  expect(interval.low).toBeLessThan(interval.mean);
  expect(interval.high).toBeGreaterThan(interval.mean);
  const theory = 2 * 1.96 * Math.sqrt((1 + 0.5 ** 2 / 2) / 60);
  expect(width(interval) / theory).toBeGreaterThan(0.8);
  expect(width(interval) / theory).toBeLessThan(1.35);
});

test('seeds of one landscape are no new landscapes: twenty of each do not make the interval that of two thousand cells', () => {
  const nested = hierarchicalInterval(drawn(20, 20, 1, 0.1), 300);
  const flat = hierarchicalInterval(drawn(400, 1, 1, 0.1), 300);
  expect(width(nested)).toBeGreaterThan(3 * width(flat));
});

test('the interval holds the true mean about 95 times in 100', () => {
  let held = 0;
  for (let trial = 0; trial < 60; trial += 1) {
    const { low, high } = hierarchicalInterval(drawn(30, 2, 1, 1, 100 + 13 * trial), 300);
    if (low <= 0.5 && 0.5 <= high) held += 1;
  }
  expect(held).toBeGreaterThanOrEqual(51);
  expect(held).toBeLessThanOrEqual(60);
});

test('the same differences give the same interval, and no difference none', () => {
  expect(hierarchicalInterval(drawn(9, 2, 1, 1))).toEqual(hierarchicalInterval(drawn(9, 2, 1, 1)));
  expect(hierarchicalInterval([[0, 0], [0]])).toEqual({ mean: 0, low: 0, high: 0 });
  expect(hierarchicalInterval([])).toEqual({ mean: 0, low: 0, high: 0 });
});
