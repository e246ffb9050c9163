/** How many proposals are kept ahead, and what that does to the use of the slots. */
import { describe, expect, test } from '@jest/globals';
import { SearchConfig } from '../../../src/domain/search-config.js';
import { proposalsAhead } from '../../../src/search/ahead.js';
import { apply } from '../../../src/search/apply.js';
import { searchEndMs } from '../../../src/search/budget.js';
import { decide } from '../../../src/search/decide.js';
import { simulate } from '../../../src/search/simulate/simulate.js';
import type { World } from '../../../src/search/simulate/world.js';
import type { SearchState } from '../../../src/search/state.js';
import { grown, withWork } from '../../support/grown-state.js';
import { costOf } from '../../support/scripted-world.js';

/** Programs of two seconds have run, and these are the times of proposals. */
const timed = (proposals: readonly number[], slots = 3, seconds = 2): SearchState => ({
  ...grown([{ id: 'n1', value: 1 }], { slots, config: { proposalsAhead: 'auto' } }),
  pace: { proposals, programs: [1, 1000 * seconds, 1e6] },
});

describe('as many as are configured', () => {
  test.each([0, 1, 7])('%d', (ahead) => {
    expect(proposalsAhead(grown([], { config: { proposalsAhead: ahead } }))).toBe(ahead);
  });

  test('nothing is remembered for a fixed number', () => {
    const state = withWork(grown([]), { nodeId: 'n1', phase: 'proposing' });
    expect(apply(state, proposed(4_000))).not.toHaveProperty('pace');
  });
});

describe('auto', () => {
  test('is one until a proposal and a program have been timed', () => {
    expect(proposalsAhead(grown([], { config: { proposalsAhead: 'auto' } }))).toBe(1);
    expect(proposalsAhead(timed([]))).toBe(1);
  });

  test('covers what the slots use up while one is written, and one more for each slot', () => {
    expect(proposalsAhead(timed([4_000]))).toBe(9);
    expect(proposalsAhead(timed([4_000], 1))).toBe(3);
    expect(proposalsAhead(timed([4_000], 3, 60))).toBe(4);
    expect(proposalsAhead(timed([600_000]))).toBe(16);
  });

  test('goes by slow proposals, not by the slowest, and by none where they take no time', () => {
    const twenty = Array.from({ length: 20 }, (_, k) => (k === 19 ? 60_000 : k >= 17 ? 4_000 : 1_000));
    expect(proposalsAhead(timed(twenty))).toBe(9);
    expect(proposalsAhead(timed([5, 8, 12]))).toBe(0);
  });

  test('times proposals from their reservation on, the last fifty, and no program of a person', () => {
    const state = withWork(grown([], { config: { proposalsAhead: 'auto' } }), { nodeId: 'n1', phase: 'proposing' });
    expect(
      apply({ ...state, pace: { proposals: Array(50).fill(1), programs: [] } }, proposed(4_000)).pace?.proposals,
    ).toEqual([...Array(49).fill(1), 4_000]);
    const added = { programRef: 'p', summary: 's', family: 'f' };
    const [work] = state.reservations;
    const persons = { ...state, reservations: [{ ...work, added }] } as unknown as SearchState;
    expect(apply(persons, proposed(4_000))).not.toHaveProperty('pace');
    // An event that does not fit its node is not timed either.
    const once = apply(state, proposed(4_000));
    expect(apply(once, proposed(9_000))).toBe(once);
  });

  test('times a program from its start to its end, whatever its proposal took', () => {
    const state = withWork(grown([], { config: { proposalsAhead: 'auto' } }), { nodeId: 'n1', phase: 'ready' });
    const started = apply(state, { kind: 'started', nodeId: 'n1' as never, try: 1, atMs: 10_000 });
    const executed = { kind: 'executed' as const, nodeId: 'n1' as never, cost: costOf(99), atMs: 12_500 };
    expect(apply(started, executed).pace).toEqual({ proposals: [], programs: [2_500] });
    expect(apply(state, executed)).toBe(state);
    // Without a word in between, or by a failure; and once.
    const failed = { ...executed, kind: 'failed' as const, failure: 'exception' as const, milestones: 2 };
    expect(apply(started, failed).pace?.programs).toEqual([2_500]);
    expect(apply(apply(started, executed), failed).pace?.programs).toEqual([2_500]);
  });

  test('asks for that many at once', () => {
    const full = withWork(timed([4_000], 1), { nodeId: 'n2', phase: 'executing' });
    const waiting = (count: number) =>
      Array.from({ length: count }, (_, k) => `n${3 + k}`).reduce(
        (state, nodeId) => withWork(state, { nodeId, phase: 'proposing' }),
        full,
      );
    expect(decide(waiting(2)).kind).toBe('expand');
    expect(decide(waiting(3)).kind).toBe('wait');
  });
});

/** Four seconds to write a program and two to run it, give or take a half. */
const slowAuthor: World<number> = {
  direction: 'maximise',
  nothing: 0,
  keyOf: String,
  familyOf: (plan) => `f${plan % 5}`,
  propose: (_move, _taken, random) => ({ plan: Math.floor(1e9 * random()), seconds: 3 + 2 * random() }),
  run: (plan, random) => ({ kind: 'valid', validation: (plan % 97) / 97, truth: 0, seconds: 1.5 + random() }),
};

function utilisation(proposals: SearchConfig['proposalsAhead']): number {
  const config = SearchConfig.parse({ slots: 3, budgetMs: 600_000, proposalsAhead: proposals });
  const { state } = simulate(slowAuthor, { config });
  // Programs take two seconds each.
  const ran = 2 * Object.keys(state.nodes).length;
  return ran / ((3 * searchEndMs(state)) / 1000);
}

test('with a slow author it keeps the slots busy that a fixed number leaves idle', () => {
  const [one, three, auto] = [utilisation(1), utilisation(3), utilisation('auto')];
  if (process.env.SHOW_TIMES)
    process.stdout.write(`${[one, three, auto].map((share) => share.toFixed(2)).join(' ')}\n`);
  expect(one).toBeLessThan(0.65);
  expect(three).toBeGreaterThan(one);
  expect(auto).toBeGreaterThan(0.9);
  // The same search twice.
  expect(utilisation('auto')).toBe(auto);
});

function proposed(atMs: number) {
  const refs = { programRef: 'p', planRef: 'q', fingerprint: 'f', family: 'g' };
  return { kind: 'proposed' as const, nodeId: 'n1' as never, ...refs, cost: costOf(0), atMs };
}
