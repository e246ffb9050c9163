import { expect, test } from '@jest/globals';
import type { SearchEvent } from '../../../src/domain/run-event.js';
import { SearchConfig } from '../../../src/domain/search-config.js';
import { apply } from '../../../src/search/apply.js';
import { deadlineMs, elapsedMs } from '../../../src/search/budget.js';
import { decide } from '../../../src/search/decide.js';
import { elite } from '../../../src/search/elite.js';
import { ancestorsOf, siblingsOf } from '../../../src/search/graph.js';
import type { SearchState } from '../../../src/search/state.js';
import { grown, withWork } from '../../support/grown-state.js';
import { CONFIG, costOf } from '../../support/scripted-world.js';

const n1 = 'n1' as never;
const cost = costOf(2);
const score = { value: 0.7, standardError: 0.01, rows: 500, direction: 'maximise' as const, source: 'hidden' as const };
const all = (state: SearchState, ...events: readonly SearchEvent[]) => events.reduce(apply, state);
const reserved = (state: SearchState): SearchEvent => {
  const decision = decide(state);
  if (decision.kind !== 'expand') throw new Error(decision.kind);
  const { kind: _, ...rest } = decision;
  return { kind: 'reserved', atMs: 0, ...rest, references: [...rest.references] };
};
const proposed: SearchEvent = {
  kind: 'proposed',
  atMs: 10,
  nodeId: n1,
  programRef: 'p',
  planRef: 'q',
  fingerprint: 'f',
  family: 'trees',
  cost,
};
const started: SearchEvent = { kind: 'started', atMs: 20, nodeId: n1, try: 1 };
const executed: SearchEvent = { kind: 'executed', atMs: 30, nodeId: n1, cost };
const finished: SearchEvent = { kind: 'finished', atMs: 40, nodeId: n1, score, versus: {}, cost };

test('from reserved to a node: phases, costs, streams', () => {
  const start = grown([]);
  const first = apply(start, reserved(start));
  expect(first.reservations[0]).toMatchObject({ nodeId: 'n1', phase: 'proposing', try: 0, sinceMs: 0 });
  expect(first.streams.select).toEqual([start.streams.select[0], 1]);
  const ready = apply(first, proposed);
  expect(ready.reservations[0]).toMatchObject({ phase: 'ready', programRef: 'p', family: 'trees', sinceMs: 10 });
  const running = apply(ready, started);
  expect(running.reservations[0]).toMatchObject({ phase: 'executing', try: 1 });
  const scored = apply(running, executed);
  expect(scored.reservations[0]?.phase).toBe('evaluating');
  const done = apply(scored, finished);
  expect(done.reservations).toEqual([]);
  expect(done.nodes[n1]).toEqual({
    ...{
      id: 'n1',
      ordinal: 0,
      parent: 'root',
      branch: 'n1',
      operator: 'draft',
      depth: 1,
      debugDepth: 0,
      status: 'valid',
    },
    ...{ score, versus: {}, family: 'trees', fingerprint: 'f', cost: { ...costOf(6), executions: 1 } },
  });
  expect(done.spent).toEqual({ ...costOf(6), executions: 1 });
});

test('an event about an unknown node, or out of its phase, returns the very same state', () => {
  const start = grown([]);
  for (const event of [proposed, started, executed, finished]) expect(apply(start, event)).toBe(start);
  const first = apply(start, reserved(start));
  for (const event of [started, executed, finished, reserved(start)]) expect(apply(first, event)).toBe(first);
  const running = all(first, proposed, started);
  for (const event of [proposed, started]) expect(apply(running, event)).toBe(running);
  const odd = { kind: 'pruned', atMs: 99, nodeId: '__proto__' as never } as const;
  expect(apply(start, odd)).toBe(start);
});

test('a rejected proposal makes no node and closes its place after three, or at once when the author is exhausted', () => {
  const rejected = (reason: string): SearchEvent => ({ kind: 'proposal-rejected', atMs: 5, nodeId: n1, reason, cost });
  const start = grown([]);
  const once = all(start, reserved(start), rejected('duplicate'));
  expect(once).toMatchObject({
    nodes: {},
    reservations: [],
    rejected: 1,
    rejections: { 'root|draft': 1 },
    spent: costOf(2),
  });
  expect(decide(once)).toMatchObject({ kind: 'expand', nodeId: 'n2' });
  const exhausted = all(start, reserved(start), rejected('exhausted: no portfolio entry is left'));
  expect(exhausted.rejections).toEqual({ 'root|draft': 3 });
  expect(decide(exhausted)).toEqual({ kind: 'finish', reason: 'exhausted' });
});

test('the variants of improve are rejected one by one', () => {
  const state = withWork(grown([{ id: 'n1', value: 1 }]), {
    nodeId: 'n2',
    parent: 'n1',
    variant: 'tune',
    phase: 'proposing',
  });
  const after = apply(state, { kind: 'proposal-rejected', atMs: 5, nodeId: 'n2' as never, reason: 'duplicate', cost });
  expect(after.rejections).toEqual({ 'n1|improve-tune': 1 });
});

test('a score that is no number fails the node', () => {
  const start = grown([]);
  const bad: SearchEvent = { ...finished, score: { ...score, value: Number.NaN } };
  expect(all(start, reserved(start), proposed, started, executed, bad).nodes[n1]).toMatchObject({
    status: 'failed',
    failure: 'bad-format',
  });
});

test('lost executions go back to the queue uncharged; three in a row block the run and stop its clock', () => {
  const start = grown([], { slots: 3 });
  const running = all(start, reserved(start), proposed, started);
  const lost = (atMs: number): SearchEvent => ({ kind: 'released', atMs, nodeId: n1, cause: 'node-lost', cost });
  const again = (atMs: number, tries: number): SearchEvent => ({ kind: 'started', atMs, nodeId: n1, try: tries });
  const once = apply(running, lost(1000));
  expect(once.reservations[0]).toMatchObject({ phase: 'ready', try: 1, programRef: 'p' });
  expect(once).toMatchObject({ releasesInRow: 1, spent: { executions: 0 }, steering: { paused: false } });
  const blocked = all(once, again(1001, 2), lost(2000), again(2001, 3), lost(3000));
  expect(blocked.steering).toMatchObject({ paused: true, blocked: 'node-lost' });
  const later = apply(blocked, { kind: 'ticked', atMs: 50_000 });
  expect(elapsedMs(later)).toBe(3000);
  const resumed = apply(later, { kind: 'resumed', atMs: 60_000 });
  expect(resumed).toMatchObject({ releasesInRow: 0, steering: { paused: false } });
  expect(resumed.steering).not.toHaveProperty('blocked');
  expect(decide(resumed)).toMatchObject({ kind: 'dispatch', nodeId: 'n1' });
});

test('an execution that comes to its end lifts a block, but not the pause of a person', () => {
  const busy = withWork(grown([]), { nodeId: 'n1', phase: 'executing' });
  const blocked = apply(busy, { kind: 'paused', atMs: 5, blocked: 'node-lost' });
  expect(apply(blocked, executed).steering).toMatchObject({ paused: false });
  const paused = apply(blocked, { kind: 'paused', atMs: 6 });
  expect(paused.steering).not.toHaveProperty('blocked');
  expect(apply(paused, executed).steering.paused).toBe(true);
});

test('a pause moves the deadline, and pausing twice counts once', () => {
  const start = grown([]);
  const paused = all(
    start,
    { kind: 'paused', atMs: 1000 },
    { kind: 'paused', atMs: 3000 },
    { kind: 'ticked', atMs: 5000 },
  );
  expect([elapsedMs(paused), deadlineMs(paused)]).toEqual([1000, 304_000]);
  const resumed = all(paused, { kind: 'resumed', atMs: 6000 }, { kind: 'ticked', atMs: 8000 });
  expect([elapsedMs(resumed), deadlineMs(resumed), resumed.clock.pausedMs]).toEqual([3000, 305_000, 5000]);
});

test('cancelling charges an execution only when one had begun', () => {
  const gone: SearchEvent = { kind: 'cancelled', atMs: 9, nodeId: n1, why: 'test', cost };
  expect(apply(withWork(grown([]), { nodeId: 'n1', phase: 'ready' }), gone).spent.executions).toBe(0);
  const running = apply(withWork(grown([]), { nodeId: 'n1', phase: 'executing' }), gone);
  expect(running).toMatchObject({ reservations: [], nodes: {}, spent: { executions: 1, seconds: 2 } });
});

test('debug depth counts debug steps in a row, depth all steps', () => {
  const parent = grown([{ id: 'n1' }, { id: 'n2', parent: 'n1', operator: 'debug', debugDepth: 1 }]);
  const fail = (nodeId: string): SearchEvent => ({
    kind: 'failed',
    atMs: 9,
    nodeId: nodeId as never,
    failure: 'memory',
    milestones: 4,
    cost,
  });
  const debugged = apply(withWork(parent, { nodeId: 'n3', parent: 'n2', operator: 'debug' }), fail('n3'));
  expect(debugged.nodes['n3' as never]).toMatchObject({
    depth: 3,
    debugDepth: 2,
    status: 'failed',
    failure: 'memory',
    milestones: 4,
    branch: 'n1',
  });
  const improved = apply(withWork(parent, { nodeId: 'n3', parent: 'n2', operator: 'improve' }), fail('n3'));
  expect(improved.nodes['n3' as never]).toMatchObject({ debugDepth: 0 });
});

test('time never runs backwards', () => {
  const late = apply(grown([]), { kind: 'ticked', atMs: 900 });
  expect(apply(late, { kind: 'ticked', atMs: 100 })).toBe(late);
  expect(apply(late, { kind: 'hinted', atMs: 100, text: 'use dates' })).toMatchObject({
    clock: { nowMs: 900 },
    steering: { hints: ['use dates'] },
  });
});

test('steering and selectors: budget, slots, pins, siblings, ancestors', () => {
  const state = withWork(
    grown([
      { id: 'n1', value: 1 },
      { id: 'n2', parent: 'n1', value: 5 },
      { id: 'n3', parent: 'n2', value: 4 },
    ]),
    { nodeId: 'n4', parent: 'n1' },
  );
  const steered = all(
    state,
    { kind: 'budget-changed', atMs: 1, budgetMs: 10_000 },
    { kind: 'slots-changed', atMs: 1, slots: 7 },
    { kind: 'pinned', atMs: 1, nodeId: n1 },
    { kind: 'pinned', atMs: 1, nodeId: n1 },
  );
  expect(steered).toMatchObject({
    config: { budgetMs: 10_000, executions: 100_000 },
    steering: { slots: 7, pinned: ['n1'] },
  });
  expect(elite(steered, 2).map((node) => node.id)).toEqual(['n1', 'n2']);
  expect(siblingsOf(state, n1)).toEqual(['n2', 'n4']);
  expect(ancestorsOf(state, 'n3' as never).map((node) => node.id)).toEqual(['n2', 'n1']);
});

test('the defaults that tests use are those of the schema, but for proposals made ahead', () => {
  expect(SearchConfig.parse({ proposalsAhead: 0 })).toEqual(CONFIG);
});
