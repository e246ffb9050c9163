/** Numbers worked out by hand from the published formulas. */
import { expect, test } from '@jest/globals';
import { eliteAt, pickByRank, treeShare } from '../../../src/search/elite-switch.js';
import { decayedExploration, explorationAt, plainExploration } from '../../../src/search/exploration.js';
import { meanBackup, sumOf } from '../../../src/search/mean-backup.js';
import { streamsOf } from '../../../src/search/random.js';
import { rangeValueOf } from '../../../src/search/ranges.js';
import { isBranchStuck } from '../../../src/search/stagnation.js';
import { temperatureAt } from '../../../src/search/temperature.js';
import { armSize, meanArm } from '../../../src/search/uct.js';
import { inverseRanks, pickWeighted, shares, softmax } from '../../../src/search/weighted.js';
import { type Grown, grown } from '../../support/grown-state.js';

// biome-ignore lint/suspicious/noApproximativeNumericConstant: the papers say 1.414.
const PUBLISHED_C = 1.414;

function close(actual: readonly number[], expected: readonly number[], digits = 4): void {
  expect(actual).toHaveLength(expected.length);
  for (const [place, value] of expected.entries()) expect(actual[place]).toBeCloseTo(value, digits);
}

test.each([
  [0, PUBLISHED_C],
  [44, PUBLISHED_C],
  [60, 1.264],
  [80, 1.064],
  [100, 0.864],
  [136, 0.504],
  [137, 0.5],
  [351, 0.5],
])('C(%d) = %d', (t, c) => {
  expect(decayedExploration(t)).toBeCloseTo(c, 9);
  expect(explorationAt(t / 500)).toBeCloseTo(c, 9);
});

test.each([
  [0, 1],
  [0.49, 1],
  [0.55, 0.8],
  [0.6, 0.6],
  [0.65, 0.4],
  [0.7, 0.2],
  [1, 0.2],
])('w(%d) = %d', (tau, share) => {
  expect(treeShare(tau)).toBeCloseTo(share, 9);
});

test('inverse ranks: K = 5, K = 3, and K = 3 with the first full', () => {
  close(inverseRanks([true, true, true, true, true]), [0.43796, 0.21898, 0.14599, 0.10949, 0.08759], 5);
  close(inverseRanks([true, true, true]), [0.54545, 0.27273, 0.18182], 5);
  close(inverseRanks([false, true, true]), [0, 0.6, 0.4], 9);
});

test('UCT as released: W / n + C sqrt(ln N / n), and an unvisited child before all others', () => {
  expect(2 / 2 + plainExploration(PUBLISHED_C, 4, 2)).toBeCloseTo(2.177232, 6);
  expect(-1 / 1 + plainExploration(0.5, 10, 1)).toBeCloseTo(-0.241286, 6);
  const rewards: Readonly<Record<string, number>> = { n1: 1, n3: 1, n4: 1, n5: 0 };
  const tree = grown([{ id: 'n1', value: 1 }, { id: 'n2' }, { id: 'n3' }, { id: 'n4', parent: 'n1' }, { id: 'n5' }]);
  const sums = meanBackup(tree, ({ id }) => rewards[id]);
  expect(sumOf(sums, 'root')).toEqual({ visits: 4, sum: 3 });
  expect(sumOf(sums, 'n1' as never)).toEqual({ visits: 2, sum: 2 });
  const counts = (inFlight: number) => ({
    sums,
    inFlight: new Map([['n2' as never, { below: inFlight, here: 0 }]]),
    c: PUBLISHED_C,
  });
  expect(armSize(meanArm(counts(0), 'root', 'n1' as never))).toBeCloseTo(2.177232, 6);
  expect(armSize(meanArm(counts(0), 'root', 'n2' as never))).toBeGreaterThan(1e6);
  expect(meanArm(counts(2), 'root', 'n2' as never)).toMatchObject({ value: 0, visits: 0, inFlight: 2 });
  expect(armSize(meanArm(counts(2), 'root', 'n2' as never))).toBeCloseTo(PUBLISHED_C * Math.sqrt(Math.log(4) / 2), 9);
});

test('UCT of AIRA on scores between the worst and the best, the same in both directions', () => {
  const value = 0.25 * Math.sqrt(Math.log(3));
  const scaled = (rows: readonly number[], direction: 'maximise' | 'minimise') => {
    const state = grown(
      rows.map((row, place) => ({ id: `n${place + 1}`, value: row })),
      { direction },
    );
    return rows.map((_, place) => rangeValueOf(state)(place));
  };
  const up = scaled([0.8, 0.85, 0.6, 0.9], 'maximise');
  const down = scaled([0.3, 0.25, 0.5, 0.2], 'minimise');
  close(down, up, 9);
  expect((up[0] ?? 0) + value).toBeCloseTo(0.928703, 6);
  expect((up[1] ?? 0) + plainExploration(0.25, 3, 2)).toBeCloseTo(1.018621, 6);
  expect(scaled([7, 7], 'maximise')).toEqual([0.5, 0.5]);
});

test('softmax and shares of fitness', () => {
  close(softmax([1, 0.5, 0], 1), [0.5065, 0.3072, 0.1863]);
  close(softmax([1, 0.5, 0], 0.2), [0.9184, 0.0754, 0.0062]);
  close(shares([1, 0.5, 0]), [2 / 3, 1 / 3, 0], 9);
  expect(shares([0, 0])).toEqual([0, 0]);
});

test('the temperature falls in a straight line and stays', () => {
  close(
    [0, 5, 10, 20].map((g) => temperatureAt(g, 0.7, 0.1, 10)),
    [0.7, 0.4, 0.1, 0.1],
    9,
  );
  expect([0, 50, 500].map((g) => temperatureAt(g))).toEqual([1, 1, 1]);
});

test('a draw falls into the weights in proportion; no weight at all means even odds', () => {
  const places = Array.from({ length: 1000 }, (_, step) => pickWeighted([0.6, 0, 0.4], step / 1000));
  expect([0, 1, 2].map((place) => places.filter((other) => other === place).length)).toEqual([600, 0, 400]);
  expect([0, 0.4, 0.99].map((uniform) => pickWeighted([0, 0, 0], uniform))).toEqual([0, 1, 2]);
  expect(pickWeighted([], 0.5)).toBeUndefined();
  expect(pickWeighted([0.1, 0.2, 0], 1 - 1e-17)).toBe(1);
});

test.each([
  [[0.8], false],
  [[0.8, 0.79, 0.78], false],
  [[0.8, 0.79, 0.78, 0.77], true],
  [[0.8, 0.79, 0.78, 0.8], false],
])('a branch of %j is stuck at θ = 3: %s', (values, stuck) => {
  const rows = (sign: number): Grown[] =>
    values.map((value, place) => ({ id: `n${place + 1}`, value: sign * value, ...(place ? { parent: 'n1' } : {}) }));
  expect(isBranchStuck(grown(rows(1)), 'n1' as never, 3)).toBe(stuck);
  expect(isBranchStuck(grown(rows(-1), { direction: 'minimise' }), 'n1' as never, 3)).toBe(stuck);
  const failed: Grown[] = [5, 6, 7].map((place) => ({ id: `n${place}`, parent: 'n1' }));
  expect(isBranchStuck(grown([...rows(1), ...failed]), 'n1' as never, 3)).toBe(stuck);
  expect(isBranchStuck(grown(rows(1)), 'n1' as never, 6)).toBe(false);
});

test('the elite: five with three of a branch, from 0.7 on three with two of a branch', () => {
  const rows: Grown[] = [9, 8, 7, 6, 5].map((value, place) => ({
    id: `n${place + 1}`,
    value,
    ...(place ? { parent: 'n1' } : {}),
  }));
  const state = grown([...rows, { id: 'n6', value: 4 }, { id: 'n7', value: 3 }, { id: 'n8', value: 2 }]);
  const ids = (tau: number) => eliteAt(state, tau).map(({ id }) => id);
  expect(ids(0.69)).toEqual(['n1', 'n2', 'n3', 'n6', 'n7']);
  expect(ids(0.7)).toEqual(['n1', 'n2', 'n6']);
});

test('a full member of the elite keeps its rank and is passed over, unless all are full', () => {
  const state = grown([3, 2, 1].map((value, place) => ({ id: `n${place + 1}`, value })));
  const members = eliteAt(state, 0.8);
  const picks = (isFull: (id: string) => boolean) => {
    const counts: Record<string, number> = {};
    for (let seed = 0; seed < 2000; seed += 1) {
      const picked = pickByRank({ ...state, streams: streamsOf(seed) }, members, ({ id }) => !isFull(id));
      if (picked) counts[picked.node.id] = (counts[picked.node.id] ?? 0) + 1;
    }
    return ['n1', 'n2', 'n3'].map((id) => (counts[id] ?? 0) / 2000);
  };
  close(
    picks((id) => id === 'n1'),
    [0, 0.6, 0.4],
    1,
  );
  close(
    picks(() => false),
    [0.545, 0.273, 0.182],
    1,
  );
  close(
    picks(() => true),
    [0.545, 0.273, 0.182],
    1,
  );
  expect(pickByRank(state, [], () => true)).toBeUndefined();
});
