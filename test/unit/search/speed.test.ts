/** What a node costs the search as the graph grows. `npm run bench:search` gives the times themselves. */
import { expect, test } from '@jest/globals';
import type { SearchEvent } from '../../../src/domain/run-event.js';
import { PolicyName } from '../../../src/domain/search-config.js';
import { apply } from '../../../src/search/apply.js';
import { VARIANTS } from '../../../src/search/closed.js';
import { decide } from '../../../src/search/decide.js';
import { draw, streamsOf } from '../../../src/search/random.js';
import type { SearchState } from '../../../src/search/state.js';
import { type Grown, grown } from '../../support/grown-state.js';
import { costOf } from '../../support/scripted-world.js';

const FEW = 300;
const MANY = 10 * FEW;
const ROUNDS = 10;
/** Work in proportion to the nodes gives 10, and what is sorted or cached a little more; work on every pair of nodes gives 100. */
const MOST_GROWTH = 35;

test.each(PolicyName.options)(
  '%s: ten times the nodes make a node cost no more than thirty-five times as much',
  (policy) => {
    const few = fastestNode(bushy(policy, FEW));
    const many = fastestNode(bushy(policy, MANY));
    if (process.env.SHOW_TIMES) process.stdout.write(`${policy}: ${few.toFixed(2)} ms, ${many.toFixed(2)} ms\n`);
    expect(few).toBeGreaterThan(0);
    expect(many / few).toBeLessThan(MOST_GROWTH);
  },
);

/** A bushy tree of `count` nodes, one in ten of them failed and repaired, in the middle of a long run with three slots. */
function bushy(policy: PolicyName, count: number): SearchState {
  const stream = streamsOf(3).noise;
  const table: Grown[] = [];
  for (let place = 0; place < count; place += 1) {
    const last = table.at(-1);
    const parent = place < 20 ? undefined : table[Math.floor(draw(stream, 2 * place) * place)];
    const repairs = last && last.value === undefined;
    const hangs = repairs ? { parent: last.id } : parent?.value === undefined ? {} : { parent: parent.id };
    table.push({
      id: `n${place + 1}`,
      ...hangs,
      ...(repairs ? { operator: 'debug' as const, debugDepth: 1 } : { variant: VARIANTS[place % 3] ?? 'tune' }),
      ...(place % 10 === 9 ? {} : { value: draw(stream, 2 * place + 1) }),
    });
  }
  return grown(table, { config: { policy, budgetMs: 36_000_000, drafts: 5 }, slots: 3, nowMs: 20_000_000 });
}

/** Processor time of the cheapest of some nodes from its decision to its end, with whatever is decided in between, milliseconds. */
function fastestNode(from: SearchState): number {
  let state = from;
  let fastest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = process.cpuUsage();
    state = oneNode(state);
    const { user, system } = process.cpuUsage(began);
    fastest = Math.min(fastest, (user + system) / 1000);
  }
  expect(Object.keys(state.nodes)).toHaveLength(Object.keys(from.nodes).length + ROUNDS);
  return fastest;
}

function oneNode(before: SearchState): SearchState {
  const decision = decide(before);
  if (decision.kind !== 'expand') throw new Error(decision.kind);
  const { kind: _, ...reserved } = decision;
  const on = { atMs: before.clock.nowMs + 1, nodeId: decision.nodeId, cost: costOf(0) };
  const refs = { programRef: 'p', planRef: 'q', fingerprint: 'f', family: 'a' };
  const score = { value: 0.5, standardError: 0, rows: 9, direction: before.direction, source: 'hidden' as const };
  const done: readonly SearchEvent[] = [
    { kind: 'reserved', atMs: on.atMs, ...reserved, references: [...decision.references] },
    { kind: 'proposed', ...on, ...refs },
    { kind: 'started', atMs: on.atMs, nodeId: on.nodeId, try: 1 },
    { kind: 'executed', ...on },
    { kind: 'finished', ...on, score, versus: {} },
  ];
  return done.reduce((state, event) => {
    const after = apply(state, event);
    decide(after);
    return after;
  }, before);
}
