import { expect, test } from '@jest/globals';
import { recordOf, sampleVariant } from '../../../src/search/bandit.js';
import { VARIANTS } from '../../../src/search/closed.js';
import { nodeOf } from '../../../src/search/graph.js';
import { aggregate, moveAt } from '../../../src/search/operators.js';
import { streamsOf } from '../../../src/search/random.js';
import type { SearchState } from '../../../src/search/state.js';
import { type Around, type Grown, grown, withWork } from '../../support/grown-state.js';

const HALF = 130_000;
const moveFrom = (state: SearchState, id: string) => moveAt(state, { node: nodeOf(state, id as never)!, path: [] });
/** Moves over many seeds: which operators come up. */
const operatorsAt = (state: SearchState, id: string) => {
  const counts: Record<string, number> = {};
  for (let seed = 0; seed < 100; seed += 1) {
    const operator = moveFrom({ ...state, streams: streamsOf(seed) }, id)?.operator ?? 'none';
    counts[operator] = (counts[operator] ?? 0) + 1;
  }
  return counts;
};

const stagnant: readonly Grown[] = [
  { id: 'n1', value: 5, family: 'boosting' },
  { id: 'n2', value: 4, family: 'linear' },
  { id: 'n3', parent: 'n1', value: 6, family: 'boosting' },
  { id: 'n4', parent: 'n3', value: 1, family: 'boosting' },
  { id: 'n5', parent: 'n3', value: 1, family: 'boosting' },
  { id: 'n6', parent: 'n3', value: 1, family: 'boosting' },
  { id: 'n7', parent: 'n2', value: 3, family: 'trees' },
  { id: 'n8', parent: 'n2', value: 2, family: 'linear' },
];
const around: Around = { config: { executions: 20, budgetMs: 300_000 } };

test('a failed node is debugged, a healthy one of a moving branch is improved by some variant', () => {
  const state = grown([{ id: 'n1' }, { id: 'n2', value: 1 }], around);
  expect(moveFrom(state, 'n1')).toMatchObject({ parent: 'n1', branch: 'n1', operator: 'debug', references: [] });
  const move = moveFrom(state, 'n2');
  expect(move).toMatchObject({ parent: 'n2', branch: 'n2', operator: 'improve' });
  expect(VARIANTS).toContain(move?.variant);
});

test('a stagnant branch evolves in the first half, informed by the ancestors of the parent, nearest first', () => {
  const state = grown(stagnant, around);
  expect(operatorsAt(state, 'n4')).toEqual({ evolve: 100 });
  expect(moveFrom(state, 'n4')?.references).toEqual([
    { from: 'n3', kind: 'trajectory' },
    { from: 'n1', kind: 'trajectory' },
  ]);
  expect(operatorsAt(state, 'n1')).toEqual({ improve: 100 });
  expect(operatorsAt({ ...state, config: { ...state.config, evolve: false } }, 'n4')).toEqual({ improve: 100 });
  expect(operatorsAt({ ...state, rejections: { 'n4|evolve': 3 } }, 'n4')).toEqual({ improve: 100 });
});

test('at most seven ancestors inform an evolution', () => {
  const chain = Array.from({ length: 12 }, (_, place) => ({
    id: `n${place + 1}`,
    value: -place,
    ...(place ? { parent: `n${place}` } : {}),
  }));
  const references = moveFrom(grown(chain, around), 'n12')?.references.map(({ from }) => from);
  expect(references).toEqual(['n11', 'n10', 'n9', 'n8', 'n7', 'n6', 'n5']);
});

test('a stagnant branch fuses in the second half for three in ten of its expansions, with the best of each other family', () => {
  const state = grown(stagnant, { ...around, nowMs: HALF });
  const counts = operatorsAt(state, 'n4');
  expect(counts.fuse).toBeGreaterThan(15);
  expect(counts.fuse).toBeLessThan(45);
  expect((counts.fuse ?? 0) + (counts.evolve ?? 0)).toBe(100);
  const fusion = fusionAt(state, 'n4');
  expect(fusion?.references).toEqual([
    { from: 'n2', kind: 'cross-branch' },
    { from: 'n7', kind: 'cross-branch' },
  ]);
  expect(operatorsAt({ ...state, config: { ...state.config, fuse: false } }, 'n4').fuse).toBeUndefined();
});

test('the share of blind fusions is an option: none, or more than of measured ones, which it leaves as they are', () => {
  const state = grown(stagnant, { ...around, nowMs: HALF });
  const withShare = (fuseBlind: number) => ({ ...state, config: { ...state.config, fuseBlind } });
  expect(operatorsAt(withShare(0), 'n4')).toEqual({ evolve: 100 });
  expect(operatorsAt(withShare(0.7), 'n4').fuse).toBeGreaterThan(50);
  const measured = stagnant.map((node) =>
    node.id === 'n4' ? { ...node, complement: [gainWith('n2', 0.4, 0.1)] } : node,
  );
  const clear = grown(measured, around);
  const shares = [0, 0.3].map(
    (fuseBlind) => operatorsAt({ ...clear, config: { ...clear.config, fuseBlind } }, 'n4').fuse,
  );
  expect(shares[0]).toBeGreaterThan(15);
  expect(shares[1]).toBe(shares[0]);
});

test('a pair that was fused once, or is being fused, is not fused again', () => {
  const state = grown(stagnant, { ...around, nowMs: HALF });
  const reference = { from: 'n2' as never, to: 'n9' as never, kind: 'cross-branch' as const };
  const inFlight = withWork({ ...state, references: [reference] }, { nodeId: 'n9', parent: 'n4', operator: 'fuse' });
  expect(fusionAt(inFlight, 'n4')?.references.map(({ from }) => from)).toEqual(['n7', 'n8']);
});

test('measured complementarity above one standard error fuses at any time, largest gain first, either way round', () => {
  const measured = stagnant
    .slice(0, 3)
    .map((row) => (row.id === 'n1' ? { ...row, complement: [gainWith('n2', 0.2, 0.3)] } : row));
  expect(fusionAt(grown(measured, around), 'n1')).toBeUndefined();
  const clear = stagnant.map((row) => {
    if (row.id === 'n3') return { ...row, complement: [gainWith('n2', 0.2, 0.1), gainWith('n8', 0.1, 0.3)] };
    if (row.id === 'n7') return { ...row, complement: [gainWith('n3', 0.5, 0.1)] };
    return row;
  });
  const fusion = fusionAt(grown(clear, around), 'n3');
  expect(fusion?.references.map(({ from }) => from)).toEqual(['n7', 'n2']);
  expect(fusion?.reason).toContain('measured complementarity');
});

test('references never come from a pruned branch', () => {
  const state = grown(stagnant, { ...around, nowMs: HALF });
  const pruned = { ...state, steering: { ...state.steering, pruned: ['n2' as never] } };
  expect(fusionAt(pruned, 'n4')).toBeUndefined();
});

test('an aggregation opens a branch from the best of each, only when nothing moves, in its time and twice at most', () => {
  const state = grown(stagnant, { ...around, nowMs: HALF });
  expect(aggregate(state)).toBeUndefined();
  const still = grown([...stagnant, { id: 'n9', parent: 'n2', value: 0 }], { ...around, nowMs: HALF });
  expect(aggregate(still)).toMatchObject({ parent: 'root', operator: 'aggregate' });
  expect(aggregate(still)?.references).toEqual([
    { from: 'n3', kind: 'aggregate' },
    { from: 'n2', kind: 'aggregate' },
  ]);
  const at = (nowMs: number) => aggregate({ ...still, clock: { ...still.clock, nowMs } });
  expect(at(120_000)).toBeUndefined();
  expect(at(220_000)).toBeUndefined();
  expect(aggregate({ ...still, config: { ...still.config, aggregations: 0 } })).toBeUndefined();
  expect(aggregate({ ...still, config: { ...still.config, aggregate: false } })).toBeUndefined();
  expect(aggregate(withWork(still, { nodeId: 'n10', operator: 'aggregate' }))).toBeUndefined();
});

test('the bandit counts a failed program as a failure and comes to prefer what beats its parents', () => {
  const table: Grown[] = [{ id: 'n1', value: 1 }];
  for (let place = 0; place < 30; place += 1) {
    table.push({ id: `n${3 * place + 2}`, parent: 'n1', value: 2, variant: 'features' });
    table.push({ id: `n${3 * place + 3}`, parent: 'n1', value: 0, variant: 'tune' });
    table.push({ id: `n${3 * place + 4}`, parent: 'n1', variant: 'strategy' });
  }
  const state = grown(table);
  expect(recordOf(state, 'features')).toEqual({ wins: 30, losses: 0 });
  expect(recordOf(state, 'tune')).toEqual({ wins: 0, losses: 30 });
  expect(recordOf(state, 'strategy')).toEqual({ wins: 0, losses: 30 });
  const drawn = Array.from(
    { length: 50 },
    (_, seed) => sampleVariant({ ...state, streams: streamsOf(seed) }, VARIANTS)?.variant,
  );
  expect(drawn.filter((variant) => variant === 'features').length).toBeGreaterThan(45);
  const fresh = Array.from(
    { length: 60 },
    (_, seed) => sampleVariant({ ...grown([]), streams: streamsOf(seed) }, VARIANTS)?.variant,
  );
  for (const variant of VARIANTS) expect(fresh.filter((other) => other === variant).length).toBeGreaterThan(8);
  expect(sampleVariant(state, [])).toBeUndefined();
});

function fusionAt(state: SearchState, id: string) {
  for (let seed = 0; seed < 60; seed += 1) {
    const move = moveFrom({ ...state, streams: streamsOf(seed) }, id);
    if (move?.operator === 'fuse') return move;
  }
  return undefined;
}

function gainWith(partner: string, gain: number, standardError: number) {
  return { with: partner as never, gain, standardError };
}
