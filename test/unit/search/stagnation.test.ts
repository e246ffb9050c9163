import { expect, test } from '@jest/globals';
import { isBetter } from '../../../src/search/is-better.js';
import {
  branchWindow,
  globalWindow,
  isBranchStagnant,
  isBranchStuck,
  isGloballyStagnant,
} from '../../../src/search/stagnation.js';
import { type Grown, grown } from '../../support/grown-state.js';

const few = { executions: 20 };
const series = (values: readonly (number | undefined)[]): Grown[] =>
  values.map((value, place) => ({
    id: `n${place + 1}`,
    ...(place === 0 ? {} : { parent: 'n1' }),
    ...(value === undefined ? {} : { value }),
  }));
const branch = (values: readonly number[], direction: 'maximise' | 'minimise' = 'maximise') =>
  isBranchStagnant(grown(series(values), { direction, config: few }), 'n1' as never);

test.each([
  [[0.8], false],
  [[0.8, 0.79, 0.78], false],
  [[0.8, 0.79, 0.78, 0.77], true],
  [[0.8, 0.79, 0.78, 0.81], false],
  [[0.8, 0.79, 0.85, 0.84, 0.83], false],
  [[0.8, 0.79, 0.85, 0.84, 0.83, 0.85], true],
])('branch %j is stagnant: %s', (values, stagnant) => {
  expect(branch(values)).toBe(stagnant);
  expect(
    branch(
      values.map((value) => -value),
      'minimise',
    ),
  ).toBe(stagnant);
});

test('the window of a branch grows to two in a hundred of the expected nodes', () => {
  const table = series([0.8, 0.7, 0.7, 0.7, 0.7]);
  expect(isBranchStagnant(grown(table, { config: { executions: 200 } }), 'n1' as never)).toBe(true);
  const many = { executions: 250, budgetMs: 36_000_000, runSecondsCap: 30 };
  expect(isBranchStagnant(grown(table, { config: many }), 'n1' as never)).toBe(false);
});

test('failed nodes do not make a branch stagnant, but do count for the whole search', () => {
  const table = series([0.8, undefined, undefined, undefined, undefined, undefined, undefined]);
  expect(isBranchStagnant(grown(table, { config: few }), 'n1' as never)).toBe(false);
  expect(isGloballyStagnant(grown(table, { config: few }))).toBe(true);
  expect(isGloballyStagnant(grown(table.slice(0, 6), { config: few }))).toBe(false);
});

test('a strictly improving series is not stagnant', () => {
  const table = series([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(isGloballyStagnant(grown(table, { config: few }))).toBe(false);
  expect(isGloballyStagnant(grown(table, { config: few, direction: 'minimise' }))).toBe(true);
});

test('a measured paired difference decides over the plain values', () => {
  const against = 'n1' as never;
  const close = { against, delta: 0.05, pairedSE: 0.2, rows: 500 };
  const clear = { ...close, pairedSE: 0.05 };
  const table = series([0.8, 0.7, 0.7, 0.85]);
  const withPaired = (branchBest: typeof close) =>
    grown(
      table.map((row, place) => (place === 3 ? { ...row, versus: { branchBest } } : row)),
      { config: few },
    );
  expect(isBranchStagnant(withPaired(close), against)).toBe(true);
  expect(isBranchStagnant(withPaired(clear), against)).toBe(false);
});

test('an aggregation gives the search a fresh start', () => {
  const table = series([9, 1, 1, 1, 1, 1, 1]);
  const aggregated: Grown = { id: 'n8', operator: 'aggregate', value: 1 };
  expect(isGloballyStagnant(grown(table, { config: few }))).toBe(true);
  expect(isGloballyStagnant(grown([...table, aggregated], { config: few }))).toBe(false);
});

test('better means by more than z paired standard errors, and never by nothing', () => {
  expect(isBetter({ delta: 0.5, pairedSE: 1 }, 0.5)).toBe(false);
  expect(isBetter({ delta: 0.500001, pairedSE: 1 }, 0.5)).toBe(true);
  expect(isBetter({ delta: 0, pairedSE: 0 }, 0)).toBe(false);
  expect(isBetter({ delta: 1e-12, pairedSE: 0 }, 0)).toBe(false);
  expect(isBetter({ delta: -1, pairedSE: 0 }, 0.5)).toBe(false);
});

test('the window of the whole search grows to five in a hundred of the expected nodes', () => {
  const many = { executions: 400, budgetMs: 36_000_000, runSecondsCap: 30 };
  expect(globalWindow(grown([], { config: many }))).toBe(20);
  expect(globalWindow(grown([], { config: { ...many, stagnationGlobal: 30 } }))).toBe(30);
  expect(branchWindow(grown([], { config: many }))).toBe(8);
});

test('for the whole search the paired difference to the best decides, too', () => {
  const close = { against: 'n1' as never, delta: 0.05, pairedSE: 0.2, rows: 500 };
  const table = series([0.8, 0.7, 0.7, 0.7, 0.7, 0.7, 0.85]);
  const measured = (best: typeof close) =>
    table.map((row, place) => (place === 6 ? { ...row, versus: { best } } : row));
  expect(isGloballyStagnant(grown(measured(close), { config: few }))).toBe(true);
  expect(isGloballyStagnant(grown(measured({ ...close, pairedSE: 0.01 }), { config: few }))).toBe(false);
});

test('failures alone are stagnant once they are more than the window, and the first score is progress', () => {
  const failures = (count: number) => series(Array.from({ length: count }, () => undefined));
  expect(isGloballyStagnant(grown(failures(2), { config: few }))).toBe(false);
  expect(isGloballyStagnant(grown(failures(6), { config: few }))).toBe(false);
  expect(isGloballyStagnant(grown(failures(7), { config: few }))).toBe(true);
  expect(isGloballyStagnant(grown([...failures(7), { id: 'n8', value: 1 }], { config: few }))).toBe(false);
});

test('the best before is the largest, wherever it stood, and a larger score within the noise is the next mark', () => {
  expect(branch([5, 1, 3, 3, 3])).toBe(true);
  expect(branch([1, 5, 3, 3, 3])).toBe(true);
  const within = { against: 'n1' as never, delta: 0.2, pairedSE: 9, rows: 9 };
  const table = series([5, 5.2, 5.1, 5]).map((row) =>
    row.id === 'n2' ? { ...row, versus: { branchBest: within } } : row,
  );
  expect(isBranchStagnant(grown(table, { config: few }), 'n1' as never)).toBe(true);
});

test('a branch that nobody knows is not stagnant, by either rule', () => {
  const state = grown(series([1, 1, 1, 1, 1]), { config: few });
  expect(isBranchStagnant(state, 'n9' as never)).toBe(false);
  expect(isBranchStuck(state, 'n9' as never, 3)).toBe(false);
});
