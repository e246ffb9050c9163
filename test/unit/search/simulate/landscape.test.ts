/** The landscape is what it says: its unit, its ruggedness, its noise. */
import { expect, test } from '@jest/globals';
import { chanceAt } from '../../../../src/search/simulate/chance.js';
import { neighbours } from '../../../../src/search/simulate/genome-moves.js';
import { COMPONENTS, type Genome, landscapeOf, OPTIONS } from '../../../../src/search/simulate/landscape.js';

const MANY = 1000;
const genomes: readonly Genome[] = Array.from({ length: MANY }, (_, index) =>
  Array.from({ length: COMPONENTS }, (_, place) => Math.floor(OPTIONS * chanceAt(99, index, place))),
);

function spread(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, sd: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
}

function correlation(left: readonly number[], right: readonly number[]): number {
  const [a, b] = [spread(left), spread(right)];
  const covariance = left.reduce((sum, value, index) => sum + (value - a.mean) * ((right[index] ?? 0) - b.mean), 0);
  return covariance / left.length / a.sd / b.sd;
}

/** How alike a program and one with a single other option are. */
function kinship(k: number): number {
  const { truthOf } = landscapeOf({ seed: 5, k, rows: 1, noise: 0 });
  const children = genomes.map((genome, index) => neighbours(genome, undefined)[index % 50] ?? genome);
  return correlation(genomes.map(truthOf), children.map(truthOf));
}

test.each([2, 3, 5])('with k = %i programs have mean 0 and standard deviation 1', (k) => {
  for (const seed of [1, 2, 3]) {
    const { truthOf } = landscapeOf({ seed, k, rows: 1, noise: 0.35 });
    const { mean, sd } = spread(genomes.map(truthOf));
    expect(Math.abs(mean)).toBeLessThan(0.35);
    expect(sd).toBeGreaterThan(0.85);
    expect(sd).toBeLessThan(1.15);
  }
});

test('a change of one component changes k + 1 of the ten contributions: neighbours are alike to that degree', () => {
  expect(kinship(2)).toBeCloseTo(1 - 3 / COMPONENTS, 1);
  expect(kinship(5)).toBeCloseTo(1 - 6 / COMPONENTS, 1);
  expect(kinship(2)).toBeGreaterThan(kinship(3));
  expect(kinship(3)).toBeGreaterThan(kinship(5));
});

test('a difference on common rows is as exact as its paired error says, and more exact than the scores themselves', () => {
  const [one, other] = [genomes[0] ?? [], genomes[1] ?? []];
  const errors = Array.from({ length: 700 }, (_, rows) => {
    const { errorOf } = landscapeOf({ seed: 3, k: 2, rows, noise: 0.35 });
    return { one: errorOf(one), difference: errorOf(one) - errorOf(other) };
  });
  const { pairedSE } = landscapeOf({ seed: 3, k: 2, rows: 1, noise: 0.35 });
  const single = spread(errors.map((error) => error.one));
  const difference = spread(errors.map((error) => error.difference));
  expect(difference.sd).toBeCloseTo(pairedSE, 1);
  expect(Math.abs(difference.mean)).toBeLessThan(0.06);
  expect(difference.sd).toBeLessThan(0.9 * Math.SQRT2 * single.sd);
  expect(single.sd).toBeGreaterThan(0.42);
});

test('equal seeds are equal landscapes, others are not; other rows leave the truth as it is', () => {
  const genome = genomes[7] ?? [];
  const one = landscapeOf({ seed: 4, k: 3, rows: 1, noise: 0.35 });
  expect(landscapeOf({ seed: 4, k: 3, rows: 1, noise: 0.35 }).truthOf(genome)).toBe(one.truthOf(genome));
  expect(landscapeOf({ seed: 4, k: 3, rows: 2, noise: 0.35 }).truthOf(genome)).toBe(one.truthOf(genome));
  expect(landscapeOf({ seed: 4, k: 3, rows: 2, noise: 0.35 }).errorOf(genome)).not.toBe(one.errorOf(genome));
  expect(landscapeOf({ seed: 5, k: 3, rows: 1, noise: 0.35 }).truthOf(genome)).not.toBe(one.truthOf(genome));
});
