import { expect, test } from '@jest/globals';
import type { SearchEvent } from '../../../src/domain/run-event.js';
import { apply } from '../../../src/search/apply.js';
import { applyPause, applyResume, unblock } from '../../../src/search/apply-steering.js';
import type { SearchState } from '../../../src/search/state.js';
import { grown, withWork } from '../../support/grown-state.js';

const n1 = 'n1' as never;
const n2 = 'n2' as never;
const all = (state: SearchState, ...events: readonly SearchEvent[]) => events.reduce(apply, state);
const score = { value: 0.7, standardError: 0.01, rows: 500, direction: 'maximise' as const, source: 'hidden' as const };
const one = grown([{ id: 'n1', value: 1 }]);

test('a baseline is kept where one was measured; without one preparing says nothing to the search', () => {
  expect(apply(one, { kind: 'prepared', atMs: 0 } as SearchEvent)).toBe(one);
  const prepared = apply(one, { kind: 'prepared', atMs: 0, baseline: score } as SearchEvent);
  expect(prepared).toEqual({ ...one, baseline: score });
});

test('hints stay in the order in which they came', () => {
  const hinted = all(
    one,
    { kind: 'hinted', atMs: 1, text: 'use dates' },
    { kind: 'hinted', atMs: 2, text: 'no trees' },
  );
  expect(hinted.steering).toEqual({ ...one.steering, hints: ['use dates', 'no trees'] });
});

test('either side of the budget can be changed, and the other stays', () => {
  const time = apply(one, { kind: 'budget-changed', atMs: 1, budgetMs: 7000 });
  expect(time.config).toEqual({ ...one.config, budgetMs: 7000 });
  const runs = apply(time, { kind: 'budget-changed', atMs: 2, executions: 9 });
  expect(runs.config).toEqual({ ...one.config, budgetMs: 7000, executions: 9 });
  expect(apply(one, { kind: 'slots-changed', atMs: 1, slots: 5 }).steering).toEqual({ ...one.steering, slots: 5 });
});

test('the first cap that was met is the one that is told, and being asked to finish holds', () => {
  const capped = all(
    one,
    { kind: 'capped', atMs: 1, cap: 'usd', message: 'two dollars are spent' },
    { kind: 'capped', atMs: 2, cap: 'tokens', message: 'no token is left' },
  );
  expect(capped.capped).toEqual({ cap: 'usd', message: 'two dollars are spent' });
  expect(capped).toEqual({ ...one, clock: capped.clock, capped: capped.capped });
  expect(one.steering.finishAsked).toBe(false);
  const asked = apply(one, { kind: 'finish-asked', atMs: 1 });
  expect(asked.steering).toEqual({ ...one.steering, finishAsked: true });
});

test.each(['pruned', 'pinned'] as const)(
  '%s: finished nodes and work in flight, each once, and nobody unknown',
  (kind) => {
    const state = withWork(one, { nodeId: 'n2', parent: 'n1' });
    const marked = all(state, { kind, atMs: 0, nodeId: n2 }, { kind, atMs: 0, nodeId: n1 });
    expect(marked.steering).toEqual({ ...state.steering, [kind]: ['n2', 'n1'] });
    expect(apply(marked, { kind, atMs: 0, nodeId: n2 })).toBe(marked);
    expect(apply(state, { kind, atMs: 0, nodeId: 'n3' as never })).toBe(state);
  },
);

test('a pause says since when, and a second one changes only who paused', () => {
  const ticking = apply(one, { kind: 'ticked', atMs: 1000 });
  const blocked = applyPause(ticking, 'node-lost');
  expect(blocked.clock).toEqual({ ...ticking.clock, pausedSinceMs: 1000 });
  expect(blocked.steering).toEqual({ ...one.steering, paused: true, blocked: 'node-lost' });
  const later = apply(blocked, { kind: 'ticked', atMs: 4000 });
  const byPerson = applyPause(later, undefined);
  expect(byPerson.clock.pausedSinceMs).toBe(1000);
  expect(byPerson.steering).toEqual({ ...one.steering, paused: true });
  expect(applyPause(byPerson, 'node-lost')).toBe(byPerson);
  expect(applyPause(later, 'queue-full')).toBe(later);
});

test('resuming counts the pause, forgets why and how often work was lost, and does nothing to a run that goes on', () => {
  expect(applyResume(one)).toBe(one);
  const paused = apply({ ...applyPause(one, 'node-lost'), releasesInRow: 3 }, { kind: 'ticked', atMs: 2500 });
  const resumed = applyResume(paused);
  expect(resumed.clock).toEqual({ ...one.clock, nowMs: 2500, pausedMs: 2500 });
  expect(resumed.clock).not.toHaveProperty('pausedSinceMs');
  expect(resumed.steering).toEqual(one.steering);
  expect(resumed.releasesInRow).toBe(0);
  const again = applyResume(apply(applyPause(resumed, undefined), { kind: 'ticked', atMs: 2600 }));
  expect(again.clock.pausedMs).toBe(2600);
});

test('a pause whose beginning is not known, or lies ahead, takes no time', () => {
  const paused = applyPause(one, undefined);
  const { pausedSinceMs: _, ...clock } = { ...paused.clock, nowMs: 700 };
  expect(applyResume({ ...paused, clock }).clock.pausedMs).toBe(0);
  expect(applyResume({ ...paused, clock: { ...clock, pausedSinceMs: 900 } }).clock.pausedMs).toBe(0);
});

test('work that came to its end lifts a block, and only starts the count of losses anew where a person paused', () => {
  expect(unblock(one)).toBe(one);
  expect(unblock({ ...one, releasesInRow: 2 })).toEqual(one);
  const blocked = { ...applyPause(one, 'node-lost'), releasesInRow: 3 };
  expect(unblock(blocked)).toEqual(one);
  const paused = applyPause(one, undefined);
  expect(unblock({ ...paused, releasesInRow: 1 })).toEqual(paused);
  expect(unblock(paused)).toBe(paused);
});
