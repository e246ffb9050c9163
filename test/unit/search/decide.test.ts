import { expect, test } from '@jest/globals';
import { searchEndMs } from '../../../src/search/budget.js';
import { decide, decideWith, isFinished } from '../../../src/search/decide.js';
import { draftsFor } from '../../../src/search/drafts.js';
import { expectedNodes } from '../../../src/search/estimates.js';
import { reserveMs, runLimitSeconds } from '../../../src/search/limits.js';
import type { SearchState } from '../../../src/search/state.js';
import { grown, withWork } from '../../support/grown-state.js';
import { CONFIG } from '../../support/scripted-world.js';

const at = (state: SearchState, nowMs: number): SearchState => ({ ...state, clock: { ...state.clock, nowMs } });
const steered = (state: SearchState, steering: Partial<SearchState['steering']>): SearchState => ({
  ...state,
  steering: { ...state.steering, ...steering },
});

test('an empty search drafts, and the same state always gives the same decision', () => {
  const state = grown([]);
  const decision = decide(state);
  expect(decision).toMatchObject({
    kind: 'expand',
    nodeId: 'n1',
    parent: 'root',
    branch: 'n1',
    operator: 'draft',
    references: [],
  });
  expect(decide(state)).toEqual(decide(JSON.parse(JSON.stringify(state))));
  expect(decide({ ...state, streams: { ...state.streams, author: [1, 2] } })).not.toEqual(decision);
});

test('a ready program takes a free slot before anything new is proposed, the oldest first', () => {
  const ready = withWork(withWork(grown([]), { nodeId: 'n1', phase: 'ready' }), { nodeId: 'n2', phase: 'ready' });
  expect(decide(ready)).toEqual({ kind: 'dispatch', nodeId: 'n1', runSeconds: runLimitSeconds(CONFIG) });
  const full = withWork(grown([], { slots: 1 }), { nodeId: 'n1', phase: 'executing' });
  expect(decide(withWork(full, { nodeId: 'n2', phase: 'ready' })).kind).toBe('wait');
  const evaluating = withWork(grown([], { slots: 1 }), { nodeId: 'n1', phase: 'evaluating' });
  expect(decide(withWork(evaluating, { nodeId: 'n2', phase: 'ready' }))).toMatchObject({
    kind: 'dispatch',
    nodeId: 'n2',
  });
});

test('proposals are made for free slots and for those kept ahead, and no more', () => {
  const one = withWork(grown([], { slots: 1 }), { nodeId: 'n1', phase: 'proposing' });
  expect(decide(one)).toEqual({ kind: 'wait', until: 'any-finished', deadlineMs: expect.any(Number) });
  const ahead = { ...one, config: { ...one.config, proposalsAhead: 1 } };
  expect(decide(ahead).kind).toBe('expand');
});

test('a program that starts late gets the time that is left, never the reserve', () => {
  const ready = withWork(grown([{ id: 'n1', value: 1 }]), { nodeId: 'n2', phase: 'ready' });
  expect(decide(at(ready, 245_000))).toMatchObject({ kind: 'dispatch', runSeconds: 10 });
  expect(decide(at(ready, 254_000))).toMatchObject({ kind: 'discard', nodeId: 'n2' });
  expect(searchEndMs(ready)).toBe(255_000);
});

test('at the end of the search what runs is cancelled, an evaluation gets a few seconds, then the search finishes', () => {
  const state = at(grown([{ id: 'n1', value: 1 }]), 255_000);
  expect(decide(state)).toEqual({ kind: 'finish', reason: 'budget' });
  expect(isFinished(state)).toBe(true);
  const running = withWork(state, { nodeId: 'n2', phase: 'executing' });
  expect(decide(running)).toMatchObject({ kind: 'cancel', nodeId: 'n2' });
  const evaluating = withWork(state, { nodeId: 'n2', phase: 'evaluating', sinceMs: 254_000 });
  expect(decide(evaluating)).toEqual({ kind: 'wait', until: 'any-finished', deadlineMs: 264_000 });
  expect(decide(at(evaluating, 264_000))).toMatchObject({ kind: 'cancel', nodeId: 'n2' });
});

test('asked to finish, a search stops at once, even while paused', () => {
  const state = steered(grown([{ id: 'n1', value: 1 }]), { finishAsked: true, paused: true });
  expect(decide(state)).toEqual({ kind: 'finish', reason: 'asked' });
  expect(decide(withWork(state, { nodeId: 'n2', phase: 'ready' }))).toMatchObject({ kind: 'discard', nodeId: 'n2' });
});

test('the cap on executions counts what is promised, and a lower one cancels what no longer fits, the least advanced first', () => {
  const config = { executions: 3 };
  const state = withWork(withWork(grown([{ id: 'n1', value: 1 }], { config, slots: 4 }), { nodeId: 'n2' }), {
    nodeId: 'n3',
    phase: 'proposing',
  });
  expect(decide(state).kind).toBe('wait');
  const lowered = (executions: number) => decide({ ...state, config: { ...state.config, executions } });
  expect(lowered(2)).toMatchObject({ kind: 'cancel', nodeId: 'n3' });
  expect(lowered(4).kind).toBe('expand');
  expect(decide(grown([{ id: 'n1', value: 1 }], { config: { executions: 1 } }))).toEqual({
    kind: 'finish',
    reason: 'executions',
  });
});

test('paused or blocked, nothing starts and the deadline lies ahead', () => {
  const ready = withWork(grown([]), { nodeId: 'n1', phase: 'ready' });
  expect(decide(steered(ready, { paused: true }))).toEqual({ kind: 'wait', until: 'resumed', deadlineMs: 3_600_000 });
  expect(decide(steered(ready, { paused: true, blocked: 'lost' }))).toEqual({
    kind: 'wait',
    until: 'unblocked',
    deadlineMs: 60_000,
  });
});

test('work below a pruned node is dropped', () => {
  const state = withWork(
    grown([
      { id: 'n1', value: 1 },
      { id: 'n2', parent: 'n1', value: 2 },
    ]),
    { nodeId: 'n3', parent: 'n2' },
  );
  expect(decide(steered(state, { pruned: ['n1' as never] }))).toMatchObject({ kind: 'cancel', nodeId: 'n3' });
});

test('with every move rejected the search waits for what is in flight and then is exhausted', () => {
  const closed = { 'root|draft': 3, 'n1|improve-tune': 3, 'n1|improve-features': 3, 'n1|improve-strategy': 3 };
  const state = { ...grown([{ id: 'n1', value: 1 }]), rejections: closed };
  expect(decide(state)).toEqual({ kind: 'finish', reason: 'exhausted' });
  expect(decide(withWork(state, { nodeId: 'n2', phase: 'proposing' })).kind).toBe('wait');
});

test.each([
  [4, 1],
  [12, 3],
  [20, 5],
  [40, 5],
  [100, 8],
  [200, 14],
  [300, 20],
  [5000, 20],
])('%d expected nodes begin with %d drafts', (expected, drafts) => {
  expect(draftsFor(expected)).toBe(drafts);
});

test('the expected number of nodes follows the mean time of those that finished', () => {
  const table = (seconds: number) =>
    Array.from({ length: 30 }, (_, place) => ({ id: `n${place + 1}`, value: 1, seconds }));
  expect(expectedNodes(grown([]))).toBe(Math.floor((255 * 2) / (31.875 / 10)));
  expect(expectedNodes(grown(table(1)))).toBeGreaterThan(expectedNodes(grown([])));
  expect(expectedNodes(grown(table(20)))).toBeLessThan(40);
  expect(expectedNodes(grown(table(1), { config: { executions: 50 } }))).toBe(50);
});

test('a program may take an eighth of the search, at least thirty seconds, at most the cap and the whole search', () => {
  expect(runLimitSeconds({ ...CONFIG, budgetMs: 3_600_000 })).toBe(382.5);
  expect(runLimitSeconds({ ...CONFIG, budgetMs: 100_000 })).toBe(30);
  expect(runLimitSeconds({ ...CONFIG, budgetMs: 10_000 })).toBe(8.5);
  expect(runLimitSeconds({ ...CONFIG, budgetMs: 86_400_000 })).toBe(3600);
});

test('the reserve covers one and a half refits of the best node, up to a third of the budget; folds need none', () => {
  expect(reserveMs(grown([{ id: 'n1', value: 1, seconds: 2 }]))).toBe(45_000);
  expect(reserveMs(grown([{ id: 'n1', value: 1, seconds: 50 }]))).toBe(75_000);
  expect(reserveMs(grown([{ id: 'n1', value: 1, seconds: 500 }]))).toBe(100_000);
  const state = grown([{ id: 'n1', value: 1, seconds: 50 }]);
  const node = state.nodes['n1' as never]!;
  const folds = { ...node, score: { ...node.score!, source: 'folds' as const } };
  expect(reserveMs({ ...state, nodes: { n1: folds } as never })).toBe(45_000);
});

test('greedy improves the best, debugs by chance, and draws its leaf evenly', () => {
  const table = [1, 2, 3, 4, 5].map((place) => ({ id: `n${place}`, ...(place > 2 ? { value: place } : {}) }));
  const counts: Record<string, number> = {};
  for (let seed = 0; seed < 200; seed += 1) {
    const state = grown(table, { config: { policy: 'greedy', seed } });
    const decision = decide(state);
    if (decision.kind !== 'expand') throw new Error(decision.kind);
    counts[decision.parent] = (counts[decision.parent] ?? 0) + 1;
    expect(decision.operator).toBe(decision.parent === 'n5' ? 'improve' : 'debug');
  }
  expect(counts.n5).toBeGreaterThan(75);
  expect(counts.n5).toBeLessThan(125);
  expect(Math.abs((counts.n1 ?? 0) - (counts.n2 ?? 0))).toBeLessThan(35);
});

test('a policy of one line is a policy', () => {
  const idle = { name: 'mcgs' as const, choose: () => undefined };
  expect(decideWith(grown([]), idle)).toEqual({ kind: 'finish', reason: 'exhausted' });
});
