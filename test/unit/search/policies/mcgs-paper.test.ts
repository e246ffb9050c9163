import { expect, test } from '@jest/globals';
import type { SearchConfig } from '../../../../src/domain/search-config.js';
import { searchMs } from '../../../../src/search/limits.js';
import { mcgsPaper } from '../../../../src/search/policies/mcgs-paper.js';
import { streamsOf } from '../../../../src/search/random.js';
import type { SearchState } from '../../../../src/search/state.js';
import { type Around, type Grown, grown, withWork } from '../../../support/grown-state.js';

const paper = (table: readonly Grown[], { config, ...around }: Around = {}) =>
  grown(table, { ...around, config: { policy: 'mcgs-paper', ...config } });
const move = (state: SearchState) => mcgsPaper.choose(state);
/** Five branches of which each began with a node and ended its chain on four worse ones below one another. */
const spent = (values: readonly number[]): Grown[] =>
  values.flatMap((value, branch) =>
    Array.from({ length: 5 }, (_, link) => ({
      id: `n${5 * branch + link + 1}`,
      value: link === 0 ? value : value - 1,
      ...(link === 0 ? {} : { parent: `n${5 * branch + link}` }),
    })),
  );
const LATE = 200_000;
// biome-ignore lint/suspicious/noApproximativeNumericConstant: the papers say 1.414.
const PUBLISHED_C = 1.414;
/** What is chosen over many seeds, counted by `of`. */
const counted = (state: SearchState, of: (chosen: ReturnType<typeof move>) => string) => {
  const counts: Record<string, number> = {};
  for (let seed = 0; seed < 200; seed += 1) {
    const key = of(move({ ...state, streams: streamsOf(seed) }));
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
};

test('the newest node is carried on, even when it is worse and drafts are missing', () => {
  const rows: Grown[] = [
    { id: 'n1', value: 9 },
    { id: 'n2', parent: 'n1', value: 1 },
  ];
  expect(move(paper(rows))).toMatchObject({ parent: 'n2', operator: 'improve' });
  expect(move(withWork(paper(rows), { nodeId: 'n3', parent: 'n2' }))).toMatchObject({ operator: 'draft' });
  expect(move(paper([{ id: 'n1' }]))).toMatchObject({ parent: 'n1', operator: 'debug' });
});

test('with five drafts a free slot returns to the tree; aggregations do not count among them', () => {
  const four = spent([1, 2, 3, 4]);
  expect(move(paper(four))).toMatchObject({ operator: 'draft' });
  expect(move(withWork(paper(four), { nodeId: 'n21' }))).toMatchObject({ operator: 'improve' });
  const aggregated = four.map((row): Grown => (row.id === 'n1' ? { ...row, operator: 'aggregate' } : row));
  expect(move(withWork(paper(aggregated), { nodeId: 'n21' }))).toMatchObject({ operator: 'draft' });
});

test('UCT between the branches: means of the rewards with which their chains ended, C = 1.414', () => {
  const rows = spent([1, 2, 3, 4, 5]);
  const { path = [] } = move(paper(rows)) ?? {};
  expect(path[0]?.arms.map(({ value, visits }) => [value, visits])).toEqual(Array(5).fill([1, 1]));
  expect(path[0]?.arms[0]?.exploration).toBeCloseTo(PUBLISHED_C * Math.sqrt(Math.log(5)), 9);
  expect(path[0]?.chosen.to).toBe('n1');
  const failed: Grown[] = [6, 7, 8, 9].map((place) => ({
    id: `n${place + 20}`,
    parent: place === 6 ? 'n1' : `n${place + 19}`,
    ...(place === 6 ? {} : { operator: 'debug', debugDepth: place - 6 }),
  }));
  const after = move(paper([...rows, ...failed]))?.path ?? [];
  expect(after[0]?.chosen.to).toBe('n6');
  expect(after[0]?.arms.find(({ to }) => to === 'n1')).toMatchObject({ value: 0, visits: 2 });
});

test('a healthy node has three children, and then UCT goes on among them; a terminal node has none', () => {
  const widened = [...spent([1, 2, 3, 4, 5])];
  for (const place of [0, 1]) {
    for (let link = 0; link < 5; link += 1)
      widened.push({
        id: `n${26 + 5 * place + link}`,
        value: 0,
        parent: link === 0 ? 'n1' : `n${25 + 5 * place + link}`,
      });
  }
  const pruned = ['n6', 'n11', 'n16', 'n21'].map((id) => id as never);
  const only = (rows: readonly Grown[]) => {
    const state = paper(rows);
    return { ...state, steering: { ...state.steering, pruned } };
  };
  expect(move(only(widened.slice(0, 30)))).toMatchObject({ parent: 'n1' });
  const full = move(only(widened));
  expect(full?.parent).not.toBe('n1');
  expect(full?.path.map(({ at }) => at)).toEqual(['root', 'n1']);
  expect(widened.some((row) => row.parent === full?.parent)).toBe(true);
  const inFlight = withWork(only(widened.slice(0, 30)), { nodeId: 'n31', parent: 'n1' });
  expect(move(inFlight)?.parent).not.toBe('n1');
});

test('a branch with work in flight is passed over while another is open, and taken when none is', () => {
  let state = paper(spent([1, 2, 3, 4, 5]), { slots: 5 });
  const busy: string[] = [];
  for (let number = 26; number < 31; number += 1) {
    const chosen = move(state);
    expect(busy).not.toContain(chosen?.branch);
    busy.push(String(chosen?.branch));
    state = withWork(state, { nodeId: `n${number}`, parent: String(chosen?.parent) });
  }
  expect(move(state)).toMatchObject({ operator: 'improve' });
});

test('operators: improve, evolve when the branch is stuck, from half-time on fuse three times in ten', () => {
  const rows = spent([1, 2, 3, 4, 5]);
  const moving = rows.map((row) => (row.id === 'n5' ? { ...row, value: 1 } : row));
  const here: Partial<SearchConfig> = { paperElite: false, aggregate: false };
  const at = (table: readonly Grown[], nowMs: number) => {
    const state = paper(table, { config: here, nowMs });
    const pruned = ['n6', 'n11', 'n16', 'n21'].map((id) => id as never);
    return { ...state, steering: { ...state.steering, pruned } };
  };
  const operators = (state: SearchState) => counted(state, (chosen) => chosen?.operator ?? 'none');
  expect(operators(at(moving, 0))).toEqual({ improve: 200 });
  const second = [...rows, { id: 'n26', parent: 'n1', value: 0 }];
  expect(operators(at(second, 0))).toEqual({ evolve: 200 });
  const open = paper(second, { config: here, nowMs: LATE });
  const late = operators({ ...open, reservations: at(second, 0).reservations });
  expect(late.fuse).toBeGreaterThan(30);
  expect(late.fuse).toBeLessThan(90);
  expect((late.fuse ?? 0) + (late.evolve ?? 0)).toBe(200);
});

test('the partners of a fusion are the best of other branches by rank, two of each at most', () => {
  const rows = [...spent([1, 2, 9, 4, 5]), { id: 'n26', parent: 'n1', value: 0 }];
  const state = paper(rows, { config: { paperElite: false, aggregate: false }, nowMs: LATE });
  for (let seed = 0; seed < 50; seed += 1) {
    const chosen = move({ ...state, streams: streamsOf(seed) });
    if (chosen?.operator !== 'fuse') continue;
    expect(chosen.references.map(({ from }) => from)).toEqual(['n11', 'n12', 'n21', 'n16', 'n22']);
    return;
  }
  throw new Error('never fused');
});

test('from half-time on expansions start from the elite with growing probability, at most ten children each', () => {
  const rows = spent([1, 2, 3, 4, 5]);
  const share = (nowMs: number, config: Partial<SearchConfig> = {}) => {
    const state = paper(rows, { config: { aggregate: false, reserveShare: 0, ...config }, nowMs });
    return (counted(state, (chosen) => (chosen?.draws.elite === undefined ? 'tree' : 'elite')).elite ?? 0) / 200;
  };
  expect(share(100_000)).toBe(0);
  expect(share(180_000)).toBeGreaterThan(0.3);
  expect(share(180_000)).toBeLessThan(0.5);
  expect(share(240_000)).toBeGreaterThan(0.7);
  expect(share(240_000, { paperElite: false })).toBe(0);
  const crowd = Array.from({ length: 9 }, (_, place) => ({ id: `n${26 + place}`, parent: 'n21', value: 0 }));
  const chains = { paperChains: false, aggregate: false, reserveShare: 0 };
  const state = paper([...rows, ...crowd], { config: chains, nowMs: 240_000 });
  const parents = counted(state, (chosen) => (chosen?.draws.elite === undefined ? 'tree' : String(chosen.parent)));
  expect(parents.n21).toBeUndefined();
  expect(Object.keys(parents).length).toBeGreaterThan(2);
});

test('an elite pick waits six nodes before it calls the branch stagnant', () => {
  const rows = spent([1, 2, 3, 4, 5]);
  const chains = { paperChains: false, aggregate: false, reserveShare: 0, fuse: false };
  const operators = (table: readonly Grown[]) =>
    counted(paper(table, { config: chains, nowMs: 240_000 }), (chosen) =>
      chosen?.draws.elite === undefined ? 'tree' : `${chosen.parent} ${chosen.operator}`,
    );
  expect(Object.keys(operators(rows)).filter((key) => key.endsWith('evolve'))).toEqual([]);
  const more = [0, 1].map((place) => ({ id: `n${26 + place}`, parent: 'n25', value: 0 }));
  expect(operators([...rows, ...more])['n22 evolve']).toBeGreaterThan(0);
});

test('the preset of the successor lets C fall with the budget and cuts chains short', () => {
  const rows = spent([1, 2, 3, 4, 5]);
  const first = (config: Partial<SearchConfig>, nowMs: number) => {
    const chosen = move(
      paper(rows, { config: { paperElite: false, aggregate: false, reserveShare: 0, ...config }, nowMs }),
    );
    return chosen?.path[0]?.arms[0]?.exploration ?? Number.NaN;
  };
  const root = Math.sqrt(Math.log(5));
  const searched = searchMs(paper(rows, { config: { reserveShare: 0 } }));
  expect(first({}, 240_000)).toBeCloseTo(PUBLISHED_C * root, 9);
  expect(first({ preset: 'successor', paperForced: false }, 0)).toBeCloseTo(PUBLISHED_C * root, 9);
  expect(first({ preset: 'successor', paperForced: false }, 0.16 * searched)).toBeCloseTo(1.064 * root, 9);
  expect(first({ preset: 'successor', paperForced: false }, 240_000)).toBeCloseTo(0.5 * root, 9);
  const chain: Grown[] = [
    { id: 'n1', value: 3, seconds: 50 },
    { id: 'n2', parent: 'n1', value: 2, seconds: 50 },
    { id: 'n3', parent: 'n2', value: 1, seconds: 50 },
  ];
  expect(move(paper(chain, { slots: 1 }))).toMatchObject({ parent: 'n3' });
  expect(move(paper(chain, { slots: 1, config: { preset: 'successor' } }))).toMatchObject({ operator: 'draft' });
});

test('a busy branch is passed over even when UCT prefers it', () => {
  const rows: Grown[] = [{ id: 'n1', value: 1 }, ...[2, 3, 4, 5].map((place) => ({ id: `n${place}` }))];
  const state = paper(rows, { config: { paperChains: false } });
  expect(move(state)).toMatchObject({ parent: 'n1' });
  expect(move(withWork(state, { nodeId: 'n6', parent: 'n1' }))).toMatchObject({ parent: 'n2', operator: 'debug' });
});

test('the tree does not widen a chain that is under way', () => {
  const rows: Grown[] = [1, 2, 3, 4, 5].map((place) => ({ id: `n${place}`, value: place }));
  const state = withWork(paper(rows), { nodeId: 'n6', parent: 'n1' });
  const pruned = ['n2', 'n3', 'n4', 'n5'].map((id) => id as never);
  expect(move({ ...state, steering: { ...state.steering, pruned } })?.parent).not.toBe('n1');
});

test('a terminal node is not picked from the elite', () => {
  const rows = spent([9, 1, 1, 1, 1]).map((row) => (row.id === 'n5' ? { ...row, value: 8.5 } : row));
  const state = paper(rows, { config: { aggregate: false, reserveShare: 0 }, nowMs: 240_000 });
  const parents = counted(state, (chosen) => (chosen?.draws.elite === undefined ? 'tree' : String(chosen.parent)));
  expect(parents.n5).toBeUndefined();
  expect(parents.n1).toBeGreaterThan(50);
});
