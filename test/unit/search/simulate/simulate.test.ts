/** The driver keeps the rules of the game: slots, time, duplicates, and what a policy may see. */
import { describe, expect, test } from '@jest/globals';
import { SearchConfig } from '../../../../src/domain/search-config.js';
import { searchEndMs } from '../../../../src/search/budget.js';
import { bestNode } from '../../../../src/search/elite.js';
import { CONTESTANTS } from '../../../../src/search/simulate/contestants.js';
import { nkWorld } from '../../../../src/search/simulate/nk-world.js';
import { PROFILES } from '../../../../src/search/simulate/operator-profile.js';
import { simulate } from '../../../../src/search/simulate/simulate.js';
import { type Cell, cellsOf, play, SLOTS } from '../../../../src/search/simulate/tournament.js';
import type { World } from '../../../../src/search/simulate/world.js';

const defaults = SearchConfig.parse({});
const [cell] = cellsOf('strong-2026', 'tune', 1) as readonly [Cell];
const profile = PROFILES['strong-2026'];
const synthetic = nkWorld({ ...cell, noise: 0.35, profile });
const config = SearchConfig.parse({ budgetMs: 20 * 400_000, slots: SLOTS, runSecondsCap: 1e5 });

test.each(CONTESTANTS)('$name searches, and searches the same way twice', (contestant) => {
  const first = play(cell, contestant, defaults);
  expect(first.nodes).toBeGreaterThan(40);
  expect(first.truth).toBeGreaterThan(0);
  expect(first.oracle).toBeGreaterThanOrEqual(first.truth);
  const best = bestNode(first.state)?.score?.value ?? 0;
  expect(best - first.optimism).toBeCloseTo(first.truth, 9);
  const again = play(cell, contestant, defaults);
  expect(again.state.nodes).toEqual(first.state.nodes);
  expect(again.curve).toEqual(first.curve);
});

describe('the driver', () => {
  test('programs use the time of as many slots as there are, nearly all of it, and none runs after the end', () => {
    for (const slots of [1, 3]) {
      const { state } = simulate(synthetic, { config: { ...config, slots } });
      const ran = Object.values(state.nodes).reduce((sum, node) => sum + node.cost.seconds, 0);
      const capacity = (slots * searchEndMs(state)) / 1000;
      const authors = (Object.keys(state.nodes).length + 2) * 400;
      expect(ran).toBeLessThan(capacity + authors);
      expect(ran).toBeGreaterThan(0.7 * capacity);
      expect(state.clock.nowMs).toBeLessThanOrEqual(searchEndMs(state));
    }
  });

  test('a program that was proposed already is refused and makes no node', () => {
    const stubborn: World<string> = {
      direction: 'minimise',
      nothing: 9,
      keyOf: (plan) => plan,
      familyOf: () => 'only',
      propose: () => ({ plan: 'the same', seconds: 5 }),
      run: () => ({ kind: 'valid', validation: 3, truth: 4, seconds: 60 }),
    };
    const { nodes, rejected, truth, optimism } = simulate(stubborn, { config });
    expect(nodes).toBe(1);
    expect(rejected).toBeGreaterThan(2);
    expect(truth).toBe(4);
    // Minimising: a validation of 3 flatters a truth of 4.
    expect(optimism).toBe(1);
  });

  test('a program that does not end in time fails, and a search without a valid program is worth nothing', () => {
    const slow: World<number> = {
      direction: 'maximise',
      nothing: -2,
      keyOf: String,
      familyOf: () => 'slow',
      propose: (_move, isTaken, random) => ({ plan: numberFree(isTaken, random), seconds: 1 }),
      run: () => ({ kind: 'valid', validation: 1, truth: 1, seconds: 1e9 }),
    };
    const { truth, failed, nodes, overTime } = simulate(slow, { config });
    expect(nodes).toBeGreaterThan(0);
    expect(failed).toBe(nodes);
    expect(truth).toBe(-2);
    expect(overTime).toBe(-2);
  });

  test('the truth reaches no decision: another truth under the same validations gives the same search', () => {
    const liar: typeof synthetic = {
      ...synthetic,
      run(plan, random) {
        const run = synthetic.run(plan, random);
        return run.kind === 'valid' ? { ...run, truth: -run.truth } : run;
      },
    };
    const [honest, other] = [simulate(synthetic, { config }), simulate(liar, { config })];
    expect(other.state.nodes).toEqual(honest.state.nodes);
    expect(other.truth).toBeCloseTo(-honest.truth, 9);
  });
});

function numberFree(isTaken: (key: string) => boolean, random: () => number): number {
  for (;;) {
    const plan = Math.floor(1e9 * random());
    if (!isTaken(String(plan))) return plan;
  }
}
