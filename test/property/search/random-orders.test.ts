/**
 * Every policy in thousands of runs in which whatever is on its way comes back in any order, as any outcome: refused, failed, lost, cancelled,
 * scored; in between somebody prunes, pins, pauses, changes slots or budget. `decide` must always answer, with something that fits.
 * AUTOMLGEN_FULL=1 makes 10,000 for each.
 */
import { expect, test } from '@jest/globals';
import type { SearchNode } from '../../../src/domain/node.js';
import type { SearchEvent } from '../../../src/domain/run-event.js';
import { PolicyName, PolicyPreset, type SearchConfig } from '../../../src/domain/search-config.js';
import { apply } from '../../../src/search/apply.js';
import { decide } from '../../../src/search/decide.js';
import { childrenOf, graphOf, nodeOf } from '../../../src/search/graph.js';
import { initialState } from '../../../src/search/initial-state.js';
import { draw } from '../../../src/search/random.js';
import type { Decision, Reservation, SearchState } from '../../../src/search/state.js';
import { CONFIG, costOf, type Expansion } from '../../support/scripted-world.js';
import { runs } from './arbitraries.js';

const { numRuns: ORDERS } = runs(process.env.AUTOMLGEN_FULL ? 10_000 : 500);
/** So many orders end in every way that there is. */
const ENOUGH_FOR_ALL = 500;
const MOST_STEPS = 2000;
const LIMIT_MS = 300_000;

interface Dice {
  readonly chance: (share: number) => boolean;
  readonly below: (count: number) => number;
  readonly one: <T>(items: readonly T[]) => T;
}

test.each(PolicyName.options)(
  '%s is total under random orders of events',
  (policy) => {
    const reasons: Record<string, number> = {};
    for (let seed = 1; seed <= ORDERS; seed += 1) {
      const dice = diceFrom(seed);
      const reason = search(start(policy, dice, seed), dice, `${policy}, order ${seed}`);
      reasons[reason] = (reasons[reason] ?? 0) + 1;
    }
    expect(Object.values(reasons).reduce((sum, count) => sum + count, 0)).toBe(ORDERS);
    if (ORDERS < ENOUGH_FOR_ALL) return;
    for (const reason of ['budget', 'executions', 'exhausted'])
      expect([reason, reasons[reason]]).not.toEqual([reason, undefined]);
  },
  LIMIT_MS,
);

/** Drives one search to its end and says why it ended. */
function search(from: SearchState, dice: Dice, name: string): string {
  let state = from;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const decision = decide(state);
    if (decision.kind === 'finish') {
      checkEnd(state, name);
      return decision.reason;
    }
    if (decision.kind === 'expand') checkMove(state, decision, name);
    const event = decision.kind === 'wait' ? whatHappens(state, decision, dice, name) : carriedOut(state, decision);
    const after = apply(state, event);
    if (after === state && decision.kind !== 'wait') throw new Error(`${name} spins: ${JSON.stringify(decision)}`);
    state = after;
  }
  throw new Error(`${name} has no end`);
}

function start(policy: PolicyName, dice: Dice, seed: number): SearchState {
  const options: Partial<SearchConfig> = {
    ...(dice.chance(0.5) ? { preset: dice.one(PolicyPreset.options) } : {}),
    ...(dice.chance(0.2) ? { paperChains: false } : {}),
    ...(dice.chance(0.3) ? { paperForced: true, paperElite: dice.chance(0.5) } : {}),
    ...(dice.chance(0.3) ? { islands: 1 + dice.below(4), migration: 1 } : {}),
  };
  const config: SearchConfig = {
    ...CONFIG,
    ...{ policy, seed, executions: 2 + dice.below(8), budgetMs: dice.one([3000, 60_000, 60_000, 600_000]) },
    ...{ drafts: dice.chance(0.5) ? 2 : ('auto' as const), debugDepth: dice.below(4) },
    ...{ rejectionsPerParent: 1 + dice.below(2), proposalsAhead: dice.below(2), stagnationGlobal: 1 + dice.below(3) },
    ...options,
  };
  const direction = dice.chance(0.5) ? 'maximise' : 'minimise';
  return initialState({ config, direction, startedMs: 0, slots: 1 + dice.below(4) });
}

function carriedOut(state: SearchState, decision: Exclude<Decision, { kind: 'wait' | 'finish' }>): SearchEvent {
  const atMs = state.clock.nowMs;
  if (decision.kind === 'expand') {
    const { kind: _, ...reserved } = decision;
    return { kind: 'reserved', atMs, ...reserved, references: [...decision.references] };
  }
  const { nodeId } = decision;
  if (decision.kind !== 'dispatch') return { kind: 'cancelled', atMs, nodeId, why: decision.why, cost: costOf(0) };
  const work = state.reservations.find((reservation) => reservation.nodeId === nodeId);
  return { kind: 'started', atMs, nodeId, try: (work?.try ?? 0) + 1 };
}

/** Anything that is on its way, or somebody at the controls. */
function whatHappens(
  state: SearchState,
  wait: Extract<Decision, { kind: 'wait' }>,
  dice: Dice,
  name: string,
): SearchEvent {
  const { nowMs } = state.clock;
  if (!(wait.deadlineMs > nowMs)) throw new Error(`${name} waits until ${wait.deadlineMs}, at ${nowMs}`);
  const atMs = Math.min(wait.deadlineMs, nowMs + dice.below(2000));
  const moving = state.reservations.filter(({ phase }) => phase !== 'ready');
  if (state.steering.paused && (moving.length === 0 || dice.chance(0.3))) return { kind: 'resumed', atMs };
  if (moving.length === 0) throw new Error(`${name} waits for nothing`);
  return dice.chance(0.04) ? steering(state, dice, atMs) : outcome(state, dice.one(moving), dice, atMs);
}

function outcome(state: SearchState, { nodeId, phase }: Reservation, dice: Dice, atMs: number): SearchEvent {
  const on = { atMs, nodeId, cost: costOf(dice.below(3)) };
  if (dice.chance(0.02)) return { kind: 'cancelled', ...on, why: 'by hand' };
  if (phase === 'proposing') {
    if (dice.chance(0.15)) return { kind: 'proposal-rejected', ...on, reason: dice.one(['duplicate', 'exhausted']) };
    const refs = { programRef: 'p', planRef: 'q', fingerprint: nodeId, family: dice.one(['a', 'b', 'c']) };
    return { kind: 'proposed', ...on, ...refs };
  }
  if (phase === 'executing') {
    if (dice.chance(0.05)) return { kind: 'released', ...on, cause: 'node-lost' };
    if (dice.chance(0.3)) return { kind: 'failed', ...on, failure: 'exception', milestones: dice.below(8) };
    return { kind: 'executed', ...on };
  }
  const { direction } = state;
  const score = { value: dice.below(12), standardError: 0, rows: 9, direction, source: 'hidden' as const };
  const complement = Object.keys(state.nodes)
    .slice(-1)
    .map((id) => ({ with: id as never, gain: 1, standardError: 0.5 }));
  return { kind: 'finished', ...on, score, versus: {}, complement };
}

function steering(state: SearchState, dice: Dice, atMs: number): SearchEvent {
  const nodeId = `n${1 + dice.below(state.nextNode)}` as SearchNode['id'];
  return dice.one<SearchEvent>([
    { kind: 'pruned', atMs, nodeId },
    { kind: 'pinned', atMs, nodeId },
    { kind: 'paused', atMs },
    { kind: 'slots-changed', atMs, slots: 1 + dice.below(5) },
    { kind: 'budget-changed', atMs, executions: 1 + dice.below(20) },
    { kind: 'budget-changed', atMs, budgetMs: 1000 + dice.below(100_000) },
    { kind: 'ticked', atMs: atMs + dice.below(30_000) },
  ]);
}

/** Each operator has the parent that it needs, and references are nodes that have finished, none twice. */
function checkMove(state: SearchState, { operator, parent, references, nodeId }: Expansion, name: string): void {
  const node = nodeOf(state, parent);
  const free = node && childrenOf(graphOf(state), node.id).length === 0;
  const fits = {
    draft: parent === 'root',
    aggregate: parent === 'root',
    debug: node?.status === 'failed' && free && !state.reservations.some((work) => work.parent === parent),
    improve: node?.status === 'valid',
    evolve: node?.status === 'valid' && references.length > 0,
    fuse: node?.status === 'valid' && references.length > 0,
    merge: node?.status === 'valid' && references.length === 1,
    ablate: node?.status === 'valid' && references.length === 0,
    'refine-block': node?.status === 'valid' && nodeOf(state, references[0]?.from ?? 'root')?.operator === 'ablate',
  }[operator];
  const known = references.every(
    ({ from, to }) =>
      // A block is refined after a failed ablation as well.
      (nodeOf(state, from)?.status === 'valid' || (operator === 'refine-block' && nodeOf(state, from))) &&
      to === nodeId &&
      from !== parent,
  );
  const once = new Set(references.map(({ from }) => from)).size === references.length;
  const ancestors = operator === 'evolve' || known;
  if (!fits || !ancestors || !once)
    throw new Error(`${name}: ${operator} of ${parent} with ${JSON.stringify(references)}`);
}

/** Nothing is left behind, and nothing was done that was not allowed. */
function checkEnd(state: SearchState, name: string): void {
  const nodes = Object.values(state.nodes);
  if (state.reservations.length > 0) throw new Error(`${name} ends with work in flight`);
  for (const node of nodes) {
    const children = childrenOf(graphOf(state), node.id).length;
    const most = node.status === 'failed' ? 1 : { 'aira-mcts': 5, 'mcgs-paper': 10 }[state.config.policy as string];
    if (most !== undefined && children > most) throw new Error(`${name}: ${node.id} has ${children} children`);
  }
}

function diceFrom(seed: number): Dice {
  let throws = 0;
  const uniform = () => draw([seed, 77], throws++);
  const below = (count: number) => Math.floor(count * uniform());
  return { below, chance: (share) => uniform() < share, one: (items) => items[below(items.length)]! };
}
