/** Paired errors of recorded landscapes against what the bootstrap and plain formulas say. */
import { describe, expect, it } from '@jest/globals';
import { randomOf } from '../../../../../src/search/simulate/chance.js';
import {
  errorOfMean,
  measure,
  midranks,
  pairedDifference,
  type Rows,
  scoreOf,
} from '../../../../../src/search/simulate/recorded/row-metrics.js';
import { readerOf, stepsOf } from '../../../../../src/search/simulate/recorded/steps.js';

const ROWS = 300;
const random = randomOf(11);
const labels = Float64Array.from({ length: ROWS }, () => Number(random() > 0.6));
const noisy = (spread: number) => labels.map((label) => label + spread * (random() - 0.5));
const [first, second] = [noisy(2), noisy(3)];

function bootstrapError(rows: Rows): number {
  const draw = randomOf(5);
  const values = Array.from({ length: 400 }, () => {
    const drawn = Array.from({ length: ROWS }, () => Math.floor(draw() * ROWS));
    const at = (values: Float64Array) => Float64Array.from(drawn, (row) => values[row] ?? 0);
    const inner = { ...rows, truth: at(rows.truth) };
    return scoreOf(inner, at(first)) - scoreOf(inner, at(second));
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

describe('paired differences', () => {
  it.each(['auc', 'rmse', 'logloss'] as const)('of %s have the error that the bootstrap finds', (metric) => {
    const positive = (values: Float64Array) => values.map((value) => 0.05 + Math.abs(value));
    const rows: Rows = { metric, sign: metric === 'auc' ? 1 : -1, truth: labels };
    const own = metric === 'logloss' ? positive(first) : first;
    const other = metric === 'logloss' ? positive(second) : second;
    const { delta, pairedSE } = pairedDifference(rows, measure(rows, own), measure(rows, other));
    expect(delta).toBeCloseTo(rows.sign * (scoreOf(rows, own) - scoreOf(rows, other)), 12);
    if (metric !== 'logloss') expect(pairedSE / bootstrapError(rows)).toBeCloseTo(1, 0.8);
    expect(pairedSE).toBeGreaterThan(0);
  });

  it('count rows of one group as one draw', () => {
    const values = Float64Array.from({ length: 40 }, (_, row) => Math.floor(row / 4) % 3);
    const group = Array.from({ length: 40 }, (_, row) => Math.floor(row / 4));
    expect(errorOfMean(values, group)).toBeCloseTo(errorOfMean(values) * 2, 1);
    expect(
      errorOfMean(
        values,
        group.map((_, row) => row),
      ),
    ).toBeCloseTo(errorOfMean(values), 12);
    expect(
      errorOfMean(
        values,
        group.map(() => 0),
      ),
    ).toBe(0);
  });

  it('share the ranks of equal values', () => {
    expect([...midranks(Float64Array.from([3, 1, 3, 2]))]).toEqual([3.5, 1, 3.5, 2]);
    expect(scoreOf({ metric: 'auc', sign: 1, truth: Float64Array.from([1, 0]) }, Float64Array.from([2, 2]))).toBe(0.5);
  });
});

describe('steps', () => {
  it('give predictions back within half a step, each program its own', () => {
    const programs = [Float32Array.from([1, 2, 700]), undefined, Float32Array.from([5, 1, 3])];
    const read = readerOf(stepsOf(programs, false));
    expect(Math.max(...[...read(0)].map((value, row) => Math.abs(value - (programs[0]?.[row] ?? 0))))).toBeLessThan(
      0.006,
    );
    expect(read(2)[0]).toBeCloseTo(5, 1);
    expect(read(2)).toBe(read(2));
  });

  it('keep small probabilities to a share of themselves', () => {
    const read = readerOf(stepsOf([Float32Array.from([1e-9, 0.3, 1])], true));
    expect((read(0)[0] ?? 0) / 1e-9).toBeCloseTo(1, 3);
    expect(read(0)[2]).toBeCloseTo(1, 3);
  });
});
