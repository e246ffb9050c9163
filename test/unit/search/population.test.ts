import { expect, test } from '@jest/globals';
import { migrate } from '../../../src/search/migration.js';
import { islandFitness, type PopulationRules, populationOf } from '../../../src/search/population.js';
import { scaleOf } from '../../../src/search/ranges.js';
import type { SearchState } from '../../../src/search/state.js';
import { type Grown, grown } from '../../support/grown-state.js';

const RULES: PopulationRules = { islands: 1, generation: 5, entry: 'average', size: 500, migration: 0 };
const ids = (islands: readonly (readonly { id: string }[])[]) => islands.map((island) => island.map(({ id }) => id));
const drafts = (values: readonly number[]): Grown[] => values.map((value, place) => ({ id: `n${place + 1}`, value }));

test('drafts enter in any case, later ones when they are at least average, failed ones never', () => {
  const rows: Grown[] = [
    ...drafts([4, 1, 1]),
    { id: 'n4' },
    { id: 'n5', parent: 'n4', operator: 'debug', debugDepth: 1, value: 0 },
    { id: 'n6', parent: 'n1', value: 1.5 },
    { id: 'n7', parent: 'n1', value: 1.4 },
    { id: 'n8', parent: 'n1' },
  ];
  expect(ids(populationOf(grown(rows), RULES))).toEqual([['n1', 'n2', 'n3', 'n5', 'n6']]);
  const mirrored = rows.map((row) => (row.value === undefined ? row : { ...row, value: -row.value }));
  expect(ids(populationOf(grown(mirrored, { direction: 'minimise' }), RULES))).toEqual([
    ['n1', 'n2', 'n3', 'n5', 'n6'],
  ]);
});

test('at a fixed size the least fit leaves, of equals the oldest', () => {
  const rows = [...drafts([3, 1, 1]), { id: 'n4', parent: 'n1', value: 2 }, { id: 'n5', parent: 'n1', value: 0 }];
  const rules = { ...RULES, entry: 'least-fit' as const, size: 3 };
  expect(ids(populationOf(grown(rows), rules))).toEqual([['n1', 'n3', 'n4']]);
});

test('a child lives on the island of its parent, and the same state always has the same islands', () => {
  const rows = [
    ...drafts([1, 2, 3, 4, 5, 6, 7, 8]),
    ...[1, 2, 3, 4].map((place) => ({ id: `n${8 + place}`, parent: `n${place}`, value: 9 })),
  ];
  const state = grown(rows);
  const islands = ids(populationOf(state, { ...RULES, islands: 3 }));
  expect(islands.flat()).toHaveLength(12);
  expect(islands.filter((island) => island.length > 0).length).toBeGreaterThan(1);
  for (const place of [1, 2, 3, 4]) {
    const home = islands.find((island) => island.includes(`n${place}`));
    expect(home).toContain(`n${8 + place}`);
  }
  const copy: SearchState = JSON.parse(JSON.stringify(state));
  expect(ids(populationOf(copy, { ...RULES, islands: 3 }))).toEqual(islands);
});

test.each(['maximise', 'minimise'] as const)('a migration keeps the better half, whether to %s', (direction) => {
  const sign = direction === 'maximise' ? 1 : -1;
  const state = grown(
    drafts([9, 8, 7, 3, 2, 1]).map((row) => ({ ...row, value: sign * (row.value ?? 0) })),
    { direction },
  );
  const [n1, n2, n3, n4, n5, n6] = Object.values(state.nodes);
  const before = [
    [n4, n5, n6],
    [n1, n2, n3],
  ].map((island) => island.filter((node) => node !== undefined));
  const [weak = [], strong = []] = migrate(before, scaleOf(state), [1, 2]);
  expect(weak[0]).toBe(n4);
  expect(weak).toHaveLength(2);
  expect([n2, n3]).toContain(weak[1]);
  expect(strong).toContain(n1);
  expect(strong).toHaveLength(2);
  expect(strong).not.toContain(weak[1]);
});

test('a donor keeps its best: an island of one gives nothing away, an empty one takes what it gets', () => {
  const state = grown(drafts([9, 1]));
  const [n1, n2] = Object.values(state.nodes);
  if (!n1 || !n2) throw new Error('two nodes');
  expect(migrate([[n2], [n1]], scaleOf(state), [1, 2])).toEqual([[n2], [n1]]);
  expect(migrate([[], [n1, n2]], scaleOf(state), [1, 2])).toEqual([[n2], [n1]]);
});

test('with a chance of one every generation migrates', () => {
  const state = grown(drafts([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
  const calm = ids(populationOf(state, { ...RULES, islands: 2 }));
  const moved = ids(populationOf(state, { ...RULES, islands: 2, migration: 1 }));
  expect(moved).not.toEqual(calm);
  expect(Math.min(...moved.map((island) => island.length))).toBeLessThanOrEqual(2);
});

test('the fitness of an island is that of its average, nothing when it is empty', () => {
  const state = grown(drafts([0, 5, 10]));
  expect(islandFitness(Object.values(state.nodes).slice(1), scaleOf(state))).toBeCloseTo(0.75, 9);
  expect(islandFitness([], scaleOf(state))).toBe(0);
});
