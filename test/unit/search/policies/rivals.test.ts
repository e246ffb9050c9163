/** Policies after AIDE and AIRA, top-k and plain tree search: what they choose. Their peers' weaknesses are in `deviations.test.ts`. */
import { expect, test } from '@jest/globals';
import { airaEvolutionary } from '../../../../src/search/policies/aira-evolutionary.js';
import { airaMcts } from '../../../../src/search/policies/aira-mcts.js';
import { greedy } from '../../../../src/search/policies/greedy.js';
import { mcgs } from '../../../../src/search/policies/mcgs.js';
import { mcts } from '../../../../src/search/policies/mcts.js';
import type { SearchPolicy } from '../../../../src/search/policies/policy.js';
import { topK } from '../../../../src/search/policies/top-k.js';
import { streamsOf } from '../../../../src/search/random.js';
import type { SearchState } from '../../../../src/search/state.js';
import { type Grown, grown, withWork } from '../../../support/grown-state.js';

const drafts = (values: readonly (number | undefined)[]): Grown[] =>
  values.map((value, place) => ({ id: `n${place + 1}`, ...(value === undefined ? {} : { value }) }));
/** Over many seeds, the choices counted by `operator parent`. */
const choices = (policy: SearchPolicy, state: SearchState, seeds = 300) => {
  const counts: Record<string, number> = {};
  for (let seed = 0; seed < seeds; seed += 1) {
    const move = policy.choose({ ...state, streams: streamsOf(seed) });
    const key = move ? `${move.operator} ${move.parent}` : 'none';
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
};

test('greedy improves the best again and again, and debugs with the chance of its preset', () => {
  const rows = [...drafts([1, 2, 5, 3, undefined]), { id: 'n6', parent: 'n3', value: 4 }];
  const plain = choices(greedy, grown(rows));
  expect(Object.keys(plain).sort()).toEqual(['debug n5', 'improve n3']);
  expect(plain['debug n5']).toBeGreaterThan(100);
  expect(plain['debug n5']).toBeLessThan(200);
  expect(choices(greedy, grown(rows, { config: { preset: 'aide-mlebench' } }))).toEqual({ 'debug n5': 300 });
  expect(choices(greedy, grown(rows, { config: { greedyDebugProbability: 0 } }))).toEqual({ 'improve n3': 300 });
});

test('a failed draft counts as a draft; without a good node greedy drafts again', () => {
  const config = { debugDepth: 0 };
  expect(choices(greedy, grown(drafts(Array(5).fill(undefined)), { config }), 5)).toEqual({ 'draft root': 5 });
  expect(choices(greedy, grown(drafts([undefined, undefined, 1, 1]), { config }), 5)).toEqual({ 'draft root': 5 });
  expect(choices(greedy, grown(drafts([undefined, undefined, 1, 1, 1]), { config }), 5)).toEqual({ 'improve n3': 5 });
});

test('top-k improves one of the best five by inverse rank', () => {
  const state = grown(drafts([1, 2, 3, 4, 5, 6, 7]), { config: { drafts: 2 } });
  const counts = choices(topK, state, 2000);
  const shares = [7, 6, 5, 4, 3].map((id) => (counts[`improve n${id}`] ?? 0) / 2000);
  [0.438, 0.219, 0.146, 0.109, 0.088].forEach((share, place) => {
    expect(Math.abs((shares[place] ?? 0) - share)).toBeLessThan(0.04);
  });
  expect(Object.keys(counts)).toHaveLength(5);
  const rejections = { 'n7|improve-tune': 3, 'n7|improve-features': 3, 'n7|improve-strategy': 3 };
  expect(Object.keys(choices(topK, { ...state, rejections }, 500)).sort()[0]).toBe('improve n2');
  expect(choices(topK, grown([]), 3)).toEqual({ 'draft root': 3 });
});

test('mcts walks as mcgs does, and never learns from another branch', () => {
  const stagnant: Grown[] = [
    ...drafts([5, 4]),
    { id: 'n3', parent: 'n1', value: 9 },
    ...[4, 5, 6, 7, 8, 9, 10, 11].map((place) => ({ id: `n${place}`, parent: 'n3', value: 1 })),
    { id: 'n12', parent: 'n2', value: 1 },
  ];
  const around = { config: { drafts: 2, executions: 40 }, nowMs: 150_000 };
  const state = grown(stagnant, around);
  for (let seed = 0; seed < 40; seed += 1) {
    const seeded = { ...state, streams: streamsOf(seed), config: { ...state.config, aggregate: false } };
    const [graph, tree] = [mcgs.choose(seeded), mcts.choose(seeded)];
    expect(tree).toMatchObject({ parent: 'n3', operator: 'improve', references: [] });
    expect(tree?.path).toEqual(graph?.path);
    expect(['evolve', 'fuse']).toContain(graph?.operator);
  }
  expect(mcgs.choose(state)?.operator).toBe('aggregate');
  expect(mcts.choose(state)?.operator).toBe('improve');
});

test('aira-mcts: five drafts, every failed one repaired first, then five children of the leaf with the largest UCT', () => {
  expect(choices(airaMcts, grown(drafts([1, undefined])), 3)).toEqual({ 'debug n2': 3 });
  expect(choices(airaMcts, grown(drafts([1, 2, 3, 4])), 3)).toEqual({ 'draft root': 3 });
  const five = drafts([0.6, 0.7, 0.8, 0.9, 0.75]);
  expect(choices(airaMcts, grown(five), 3)).toEqual({ 'improve n4': 3 });
  let state = grown(five, { slots: 8 });
  for (let number = 6; number <= 10; number += 1) {
    expect(airaMcts.choose(state)?.parent).toBe('n4');
    state = withWork(state, { nodeId: `n${number}`, parent: 'n4' });
  }
  expect(airaMcts.choose(state)?.parent).toBe('n3');
  const grownUp = [...five, ...[6, 7, 8, 9, 10].map((place) => ({ id: `n${place}`, parent: 'n4', value: 0.9 }))];
  expect(airaMcts.choose(grown(grownUp))).toMatchObject({ parent: 'n6' });
  const poor = grownUp.map((row) => (row.value === 0.9 && row.id !== 'n4' ? { ...row, value: 0.85 } : row));
  expect(airaMcts.choose(grown(poor))).toMatchObject({ parent: 'n3' });
});

test('aira-mcts: a repaired score counts for the programs that failed before it, once', () => {
  const rows: Grown[] = [
    ...drafts([1, 2, 3, 4]),
    { id: 'n5' },
    { id: 'n6', parent: 'n5', operator: 'debug', debugDepth: 1 },
    { id: 'n7', parent: 'n6', operator: 'debug', debugDepth: 2, value: 5 },
  ];
  const move = airaMcts.choose(grown(rows));
  expect(move?.parent).toBe('n7');
  expect(move?.path.map(({ chosen }) => [chosen.to, chosen.value, chosen.visits])).toEqual([
    ['n5', 1, 1],
    ['n6', 1, 1],
    ['n7', 1, 1],
  ]);
});

test('aira-evolutionary: crossing begins with the third generation, for half of the individuals', () => {
  const ten = drafts([1, 2, 3, 4, 5]).concat(
    [6, 7, 8, 9].map((place) => ({ id: `n${place}`, parent: 'n5', value: place })),
  );
  const nine = choices(airaEvolutionary, grown(ten));
  expect(Object.keys(nine).every((key) => key.startsWith('improve'))).toBe(true);
  const counts = choices(airaEvolutionary, grown([...ten, { id: 'n10', parent: 'n5', value: 10 }]), 600);
  const crossed = Object.entries(counts).reduce((sum, [key, count]) => sum + (key.startsWith('fuse') ? count : 0), 0);
  expect(crossed / 600).toBeGreaterThan(0.42);
  expect(crossed / 600).toBeLessThan(0.58);
  const repaired = [
    ...ten,
    { id: 'n10', parent: 'n9' },
    { id: 'n11', parent: 'n10', operator: 'debug' as const, debugDepth: 1, value: 3 },
  ];
  expect(Object.keys(choices(airaEvolutionary, grown(repaired))).some((key) => key.startsWith('fuse'))).toBe(true);
});

test('aira-evolutionary: parents by share of fitness in the paper, nearly at random as released', () => {
  const rows = drafts([0, 1, 2, 3, 4]);
  const paper = choices(airaEvolutionary, grown(rows), 2000);
  expect(paper['improve n1']).toBeUndefined();
  expect(Math.abs((paper['improve n5'] ?? 0) / 2000 - 0.4)).toBeLessThan(0.04);
  const released = choices(airaEvolutionary, grown(rows, { config: { preset: 'released' } }), 2000);
  expect(Math.abs((released['improve n1'] ?? 0) / 2000 - 0.1159)).toBeLessThan(0.03);
  expect(Math.abs((released['improve n5'] ?? 0) / 2000 - 0.315)).toBeLessThan(0.04);
});
