/** What must hold of any search in any world: durations, failures, losses, refusals and steering in any order. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SearchEvent } from '../../../src/domain/run-event.js';
import { apply } from '../../../src/search/apply.js';
import { recordOf } from '../../../src/search/bandit.js';
import { executionsLeft, searchEndMs } from '../../../src/search/budget.js';
import { linksOf } from '../../../src/search/chain.js';
import { VARIANTS } from '../../../src/search/closed.js';
import { decide } from '../../../src/search/decide.js';
import { bestNode } from '../../../src/search/elite.js';
import { graphOf } from '../../../src/search/graph.js';
import { initialState } from '../../../src/search/initial-state.js';
import { gain } from '../../../src/search/is-better.js';
import type { Decision, SearchState } from '../../../src/search/state.js';
import { stepRewards } from '../../../src/search/step-reward.js';
import { CONFIG, runWorld } from '../../support/scripted-world.js';
import { anyEvent, configs, fates, messages, runs, worldOf } from './arbitraries.js';

type Direction = SearchState['direction'];
const begin = (config: Partial<typeof CONFIG>, slots: number, direction: Direction = 'maximise') =>
  initialState({ config: { ...CONFIG, ...config }, direction, startedMs: 0, slots });
const slotCounts = fc.integer({ min: 1, max: 4 });
/** The workflow lifts a block by probing; here a message does, now and then, and at last somebody ends the run. */
const probes: readonly SearchEvent[] = [
  ...[30_000, 90_000, 180_000, 400_000, 900_000].map((atMs) => ({ kind: 'resumed' as const, atMs })),
  { kind: 'finish-asked', atMs: 2_000_000 },
];
const fresh = <T>(value: T): T => JSON.parse(JSON.stringify(value));

test('every search ends, without spinning and without waiting for nothing', () => {
  fc.assert(
    fc.property(configs(), slotCounts, fates(), messages(), (config, slots, fateList, steering) => {
      const observe = (state: SearchState, decision: Decision) => {
        if (decision.kind !== 'wait') return;
        expect(decision.deadlineMs).toBeGreaterThan(state.clock.nowMs);
        expect(state.steering.paused || state.reservations.length > 0).toBe(true);
      };
      const run = runWorld(begin(config, slots), {
        ...worldOf(fateList),
        messages: [...steering, ...probes],
        observe,
      });
      expect(run.state.reservations).toEqual([]);
      expect(['budget', 'executions', 'exhausted', 'asked']).toContain(run.reason);
    }),
    runs(300),
  );
});

test('executions, spent and promised, never pass their cap, slots never pass theirs, and no program may run into the reserve', () => {
  fc.assert(
    fc.property(configs(), slotCounts, fates(), (config, slots, fateList) => {
      const observe = (state: SearchState, decision: Decision) => {
        expect(executionsLeft(state)).toBeGreaterThanOrEqual(0);
        expect(state.reservations.filter((work) => work.phase === 'executing').length).toBeLessThanOrEqual(slots);
        if (decision.kind === 'dispatch') {
          const endMs = state.clock.nowMs + decision.runSeconds * 1000;
          // Within a microsecond: seconds times a thousand round.
          expect(endMs).toBeLessThanOrEqual(Math.max(searchEndMs(state), state.clock.nowMs + 1) + 1e-3);
        }
      };
      const { state } = runWorld(begin(config, slots), { ...worldOf(fateList), messages: probes, observe });
      expect(state.spent.executions).toBeLessThanOrEqual(state.config.executions);
    }),
    runs(150),
  );
});

test('the best node never gets worse while nothing is pruned', () => {
  fc.assert(
    fc.property(
      configs(),
      fates(),
      fc.constantFrom<Direction>('maximise', 'minimise'),
      (config, fateList, direction) => {
        let before = Number.NEGATIVE_INFINITY;
        const observe = (state: SearchState) => {
          const best = bestNode(state);
          const now = best ? gain(best) : Number.NEGATIVE_INFINITY;
          expect(now).toBeGreaterThanOrEqual(before);
          before = now;
        };
        const run = runWorld(begin(config, 2, direction), { ...worldOf(fateList), messages: probes, observe });
        const values = Object.values(run.state.nodes).flatMap((node) => (node.score ? [gain(node)] : []));
        expect(before).toBe(Math.max(Number.NEGATIVE_INFINITY, ...values));
      },
    ),
    runs(100),
  );
});

test('the state is the fold of its events, what is carried over equals what is worked out afresh, and after JSON it decides the same', () => {
  fc.assert(
    fc.property(configs(), slotCounts, fates(), messages(), (config, slots, fateList, steering) => {
      const run = runWorld(begin(config, slots), { ...worldOf(fateList), messages: [...steering, ...probes] });
      let state = begin(config, slots);
      for (const [place, event] of run.events.entries()) {
        state = apply(state, event);
        expect(graphOf(state)).toEqual(graphOf(fresh(state)));
        for (const forced of [true, false]) {
          const rules = { chains: true, forced };
          expect(linksOf(state, rules).of).toEqual(linksOf(fresh(state), rules).of);
          expect(linksOf(state, rules).open).toEqual(linksOf(fresh(state), rules).open);
        }
        expect(stepRewards(state)).toEqual(stepRewards(fresh(state)));
        for (const variant of VARIANTS) expect(recordOf(state, variant)).toEqual(recordOf(fresh(state), variant));
        if (place % 5 === 0) {
          expect(fresh(state)).toEqual(state);
          expect(decide(fresh(state))).toEqual(decide(state));
          state = fresh(state);
        }
      }
      expect(state).toEqual(run.state);
    }),
    runs(100),
  );
});

test('a search for the least is the mirror of a search for the most', () => {
  fc.assert(
    fc.property(configs(), slotCounts, fates(), (config, slots, fateList) => {
      const up = runWorld(begin(config, slots), { ...worldOf(fateList), messages: probes });
      const down = runWorld(begin(config, slots, 'minimise'), { ...worldOf(fateList, true), messages: probes });
      const choices = ({ events }: { events: readonly SearchEvent[] }) =>
        events.filter((event) => event.kind === 'reserved');
      expect(choices(down)).toEqual(choices(up));
      expect(down.reason).toBe(up.reason);
    }),
    runs(100),
  );
});

test('any events in any order leave a state that decides, and an event that does not fit changes nothing', () => {
  fc.assert(
    fc.property(configs(), fc.array(fc.option(anyEvent()), { maxLength: 80 }), (config, events) => {
      let state = begin(config, 3);
      for (const event of events) {
        const decision = decide(state);
        const now = state.clock.nowMs;
        if (event) {
          const known =
            'nodeId' in event &&
            (event.nodeId in state.nodes || state.reservations.some((work) => work.nodeId === event.nodeId));
          const after = apply(state, event);
          if ('nodeId' in event && !known) expect(after).toBe(state);
          expect(apply(state, event)).toEqual(after);
          expect(after.clock.nowMs).toBeGreaterThanOrEqual(now);
          state = after;
        } else if (decision.kind === 'expand') {
          const { kind: _, ...reserved } = decision;
          const event: SearchEvent = { kind: 'reserved', atMs: now, ...reserved, references: [...decision.references] };
          const after = apply(state, event);
          expect(after.reservations.length).toBe(state.reservations.length + 1);
          expect(apply(after, event)).toBe(after);
          state = after;
        }
      }
      expect(['expand', 'dispatch', 'discard', 'cancel', 'wait', 'finish']).toContain(decide(state).kind);
    }),
    runs(200),
  );
});
