import { expect, test } from '@jest/globals';
import { apply } from '../../../src/search/apply.js';
import { VARIANTS } from '../../../src/search/closed.js';
import { decide } from '../../../src/search/decide.js';
import { draw, streamsOf } from '../../../src/search/random.js';
import { type Grown, grown } from '../../support/grown-state.js';
import { costOf } from '../../support/scripted-world.js';

/** A bushy tree of `count` nodes, one in ten of them failed, in the middle of a long run with three slots. */
function bushy(count: number) {
  const stream = streamsOf(3).noise;
  const table: Grown[] = [];
  for (let place = 0; place < count; place += 1) {
    const parent = place < 20 ? undefined : table[Math.floor(draw(stream, 2 * place) * place)];
    const hangs = parent && parent.value !== undefined ? { parent: parent.id } : {};
    const failed = place % 10 === 9;
    table.push({
      id: `n${place + 1}`,
      ...hangs,
      ...(failed ? {} : { value: draw(stream, 2 * place + 1) }),
      variant: VARIANTS[place % 3] ?? 'tune',
    });
  }
  return grown(table, { config: { budgetMs: 36_000_000, drafts: 5 }, slots: 3, nowMs: 20_000_000 });
}

// The aim is `limitMs` for a decision with its event on an idle machine; a node has four of these, and a busy machine gets three times as long.
test.each([
  [1000, 2],
  [10_000, 20],
])('a decision and its events take little time at %d nodes', (count, limitMs) => {
  let state = bushy(count);
  const times: number[] = [];
  for (let round = 0; round < 30; round += 1) {
    const began = process.cpuUsage();
    const decision = decide(state);
    if (decision.kind !== 'expand') throw new Error(decision.kind);
    const { kind: _, ...reserved } = decision;
    const on = { atMs: state.clock.nowMs + 1, nodeId: decision.nodeId, cost: costOf(0) };
    const refs = { programRef: 'p', planRef: 'q', fingerprint: 'f', family: 'a' };
    state = apply(state, { kind: 'reserved', atMs: on.atMs, ...reserved, references: [...decision.references] });
    decide(state);
    state = apply(state, { kind: 'proposed', ...on, ...refs });
    expect(decide(state).kind).toBe('dispatch');
    state = apply(state, { kind: 'started', atMs: on.atMs, nodeId: on.nodeId, try: 1 });
    decide(state);
    state = apply(state, { kind: 'failed', ...on, failure: 'exception', milestones: 1 });
    const { user, system } = process.cpuUsage(began);
    times.push((user + system) / 1000);
  }
  const fastest = Math.min(...times);
  if (process.env.SHOW_TIMES)
    process.stdout.write(`${count} nodes: ${fastest.toFixed(2)} ms of processor time for a whole node\n`);
  expect(Object.keys(state.nodes)).toHaveLength(count + 30);
  expect(fastest).toBeLessThan(3 * 4 * limitMs);
});
