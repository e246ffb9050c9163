import { expect, test } from '@jest/globals';
import { backup, inFlight, inFlightOf, statisticsOf } from '../../../src/search/backup.js';
import { exploration } from '../../../src/search/exploration.js';
import { rankValue } from '../../../src/search/reward.js';
import { select, sortedArms } from '../../../src/search/select.js';
import type { SearchState } from '../../../src/search/state.js';
import { armSize, downArm, hereArm } from '../../../src/search/uct.js';
import { type Grown, grown, withWork } from '../../support/grown-state.js';

const selected = (state: SearchState) => select(state)?.node.id;

test('values are ranks among the valid nodes, equal scores share the higher one', () => {
  const values = [5, 3, 3, 1, undefined];
  const state = grown(
    values.map((value, place) => ({ id: `n${place + 1}`, ...(value === undefined ? {} : { value }) })),
  );
  const ids = Object.keys(state.nodes);
  expect(ids.map((id) => statisticsOf(backup(state), id as never).value)).toEqual([1, 0.75, 0.75, 0.25, 0]);
  expect(rankValue([5, 3, 3, 1], 4)).toBe(0.75);
  expect(rankValue([5, 3, 3, 1], Number.NEGATIVE_INFINITY)).toBe(0);
  const pruned = { ...state, steering: { ...state.steering, pruned: ['n1' as never] } };
  expect(ids.map((id) => statisticsOf(backup(pruned), id as never).value)).toEqual([0, 1, 1, 1 / 3, 0]);
});

test('a failed node is worth nothing and still counts as a visit', () => {
  const state = grown([{ id: 'n1', value: 5 }, { id: 'n2', parent: 'n1' }, { id: 'n3' }]);
  const statistics = backup(state);
  expect(statisticsOf(statistics, 'n1' as never)).toEqual({ value: 1, visits: 2, best: 1 });
  expect(statisticsOf(statistics, 'n3' as never)).toEqual({ value: 0, visits: 1, best: 0 });
  expect(statisticsOf(statistics, 'root')).toEqual({ value: 0, visits: 3, best: 1 });
});

test('the exploration term: C sqrt(ln(total + 1) / visits)', () => {
  expect(exploration(1.5, 3, 2)).toBeCloseTo(1.5 * Math.sqrt(Math.log(4) / 2), 12);
  expect(exploration(0.1, 0, 0)).toBe(0);
  expect(exploration(0, 50, 1)).toBe(0);
});

test('the arms follow the formulas, with work in flight in the exploration term alone', () => {
  const graph = grown([
    { id: 'n1', value: 1 },
    { id: 'n2', parent: 'n1', value: 2 },
    { id: 'n3', parent: 'n2', value: 3 },
  ]);
  const state = withWork(withWork(graph, { nodeId: 'n4', parent: 'n1' }), { nodeId: 'n5', parent: 'n3' });
  const counts = { statistics: backup(state), inFlight: inFlight(state), c: 0.1 };
  const here = hereArm(counts, 'n1' as never, 1);
  expect(here).toMatchObject({ value: 1 / 3, visits: 2, inFlight: 1 });
  expect(here.exploration).toBeCloseTo(0.1 * Math.sqrt(Math.log(3 + 2 + 1) / (1 + 1 + 1)), 12);
  const down = downArm(counts, 'n1' as never, 'n2' as never);
  expect(down).toMatchObject({ value: 1, visits: 2, inFlight: 1 });
  expect(armSize(down)).toBeCloseTo(1 + 0.1 * Math.sqrt(Math.log(3 + 2 + 1) / (2 + 1)), 12);
});

test('a healthy node is expanded while its own arm is the largest, else its better child is', () => {
  const parentBest = grown([
    { id: 'n1', value: 9 },
    { id: 'n2', parent: 'n1', value: 1 },
    { id: 'n3', parent: 'n1', value: 2 },
  ]);
  expect(selected(parentBest)).toBe('n1');
  const childBest = grown([
    { id: 'n1', value: 1 },
    { id: 'n2', parent: 'n1', value: 9 },
    { id: 'n3', parent: 'n1', value: 2 },
  ]);
  expect(selected(childBest)).toBe('n2');
});

test('no child limit: the best node may be widened again and again', () => {
  const rows = Array.from({ length: 5 }, (_, place) => ({ id: `n${place + 2}`, parent: 'n1', value: 0.1 * place }));
  expect(selected(grown([{ id: 'n1', value: 9 }, ...rows]))).toBe('n1');
});

test('work in flight sends the next worker elsewhere when values are close', () => {
  const state = grown([
    { id: 'n1', value: 2 },
    { id: 'n2', value: 2 },
  ]);
  expect(selected(state)).toBe('n1');
  expect(selected(withWork(state, { nodeId: 'n3', parent: 'n1' }))).toBe('n2');
});

test('of failed drafts the one that came further is debugged first', () => {
  const state = grown([
    { id: 'n1', milestones: 2 },
    { id: 'n2', milestones: 5 },
    { id: 'n3', milestones: 5 },
  ]);
  expect(selected(state)).toBe('n2');
});

test('a failed node gets one debug child, in flight or finished, and none below the limit', () => {
  const failed = grown([{ id: 'n1' }]);
  expect(selected(failed)).toBe('n1');
  expect(selected(withWork(failed, { nodeId: 'n2', parent: 'n1', operator: 'debug' }))).toBeUndefined();
  const chain: Grown[] = [
    { id: 'n1' },
    { id: 'n2', parent: 'n1', operator: 'debug', debugDepth: 1 },
    { id: 'n3', parent: 'n2', operator: 'debug', debugDepth: 2 },
  ];
  expect(selected(grown(chain))).toBe('n3');
  const last: Grown = { id: 'n4', parent: 'n3', operator: 'debug', debugDepth: 3 };
  expect(selected(grown([...chain, last]))).toBeUndefined();
  expect(selected(grown([...chain, { ...last, value: 1 }]))).toBe('n4');
});

test('closed and pruned subtrees are skipped, open children of a closed node are not', () => {
  const state = grown([
    { id: 'n1', value: 9 },
    { id: 'n2', parent: 'n1', value: 8 },
    { id: 'n3', value: 1 },
  ]);
  const rejections = { 'n1|improve-tune': 3, 'n1|improve-features': 3, 'n1|improve-strategy': 3 };
  expect(selected({ ...state, rejections })).toBe('n2');
  expect(selected({ ...state, rejections: { ...rejections, 'n1|improve-strategy': 2 } })).toBe('n1');
  const steering = { ...state.steering, pruned: ['n1' as never] };
  expect(selected({ ...state, steering })).toBe('n3');
});

test('the two graphs worked through in docs/mcgs.md', () => {
  const sizes = (rows: readonly Grown[], at: number) =>
    Object.fromEntries(select(grown(rows))?.path[at]?.arms.map((arm) => [arm.to, armSize(arm)]) ?? []);
  const widened = sizes(
    [
      { id: 'n1', value: 0.9 },
      ...[0.8, 0.7, 0.6].map((value, place) => ({ id: `n${place + 2}`, parent: 'n1', value })),
    ],
    1,
  );
  expect(widened.here).toBeCloseTo(1.063, 3);
  expect(widened.n2).toBeCloseTo(0.877, 3);
  const wrecks = { debugDepth: 3, parent: 'n1' };
  const rows: Grown[] = [
    { id: 'n1', value: 0.5 },
    { id: 'n2', value: 0.7 },
    { id: 'n3', parent: 'n1', value: 0.95 },
    { id: 'n4', ...wrecks },
    { id: 'n5', ...wrecks },
  ];
  expect(sizes(rows, 0).n1).toBeCloseTo(1.067, 3);
  expect(sizes(rows, 0).n2).toBeCloseTo(0.8005, 3);
  expect(selected(grown(rows))).toBe('n3');
});

test('on a tie the node itself comes first, then the child that came further, then the older one', () => {
  const state = grown([
    { id: 'n1', milestones: 1 },
    { id: 'n2', milestones: 4 },
    { id: 'n3', milestones: 4 },
  ]);
  const arm = (to: string, value = 0.5) => ({ to: to as never, value, exploration: 0.1, visits: 1, inFlight: 0 });
  const order = (...arms: ReturnType<typeof arm>[]) => sortedArms(state, arms).map(({ to }) => to);
  expect(order(arm('n1'), arm('n3'), arm('here'), arm('n2'))).toEqual(['here', 'n2', 'n3', 'n1']);
  expect(order(arm('here'), arm('n2'))).toEqual(['here', 'n2']);
  expect(order(arm('n12'), arm('n10'), arm('n11'))).toEqual(['n10', 'n11', 'n12']);
  expect(order(arm('here'), arm('n1', 0.5 + 1e-12), arm('n3', 0.6))).toEqual(['n3', 'here', 'n1']);
});

test('a child below which nothing is left is not entered, however good it is', () => {
  const rows = [
    { id: 'n1', value: 1 },
    { id: 'n2', parent: 'n1', value: 9 },
  ];
  const rejections = { 'n2|improve-tune': 3, 'n2|improve-features': 3, 'n2|improve-strategy': 3 };
  expect(selected(grown(rows))).toBe('n2');
  expect(selected({ ...grown(rows), rejections })).toBe('n1');
});

test('statistics of the root, of nodes without any score, of unknown ones, and after another pruning', () => {
  const failed = backup(grown([{ id: 'n1' }, { id: 'n2', parent: 'n1' }]));
  expect(statisticsOf(failed, 'root')).toEqual({ value: 0, visits: 2, best: 0 });
  expect(statisticsOf(failed, 'n1' as never)).toEqual({ value: 0, visits: 2, best: 0 });
  expect(statisticsOf(failed, 'n7' as never)).toEqual({ value: 0, visits: 0, best: 0 });
  expect(rankValue([], Number.NEGATIVE_INFINITY)).toBe(0);
  const state = grown([
    { id: 'n1', value: 1 },
    { id: 'n2', value: 2 },
    { id: 'n3', parent: 'n2', value: 3 },
  ]);
  const bestsAfter = (pruned: string) => {
    const statistics = backup({ ...state, steering: { ...state.steering, pruned: [pruned as never] } });
    return ['n1', 'n2', 'n3'].map((id) => statisticsOf(statistics, id as never).best);
  };
  expect(bestsAfter('n3')).toEqual([0.5, 1, 0]);
  expect(bestsAfter('n2')).toEqual([1, 0, 0]);
  expect(bestsAfter('n1')).toEqual([0, 1, 1]);
});

test('what is on its way counts at its parent and at everything above', () => {
  const rows = [
    { id: 'n1', value: 1 },
    { id: 'n2', parent: 'n1', value: 2 },
    { id: 'n3', parent: 'n2', value: 3 },
    { id: 'n4', value: 1 },
  ];
  const state = withWork(
    withWork(withWork(grown(rows), { nodeId: 'n5', parent: 'n3' }), { nodeId: 'n6', parent: 'n1' }),
    { nodeId: 'n7' },
  );
  const counts = inFlight(state);
  const of = (id: string) => inFlightOf(counts, id as never);
  expect(['root', 'n1', 'n2', 'n3', 'n4'].map((id) => of(id).below)).toEqual([3, 2, 1, 1, 0]);
  expect(['root', 'n1', 'n2', 'n3', 'n4'].map((id) => of(id).here)).toEqual([1, 1, 0, 1, 0]);
});
