/**
 * The headline deviations from the released systems, one test each, with what the released program does written beside it as a small function:
 * every test states a property that this search has and the peer lacks. That programs have folders of their own instead of rewritten paths is
 * shown by the tests of the executors.
 */
import { expect, test } from '@jest/globals';
import type { SearchNode } from '../../../src/domain/node.js';
import { apply } from '../../../src/search/apply.js';
import { decide } from '../../../src/search/decide.js';
import { bestNode, branchLeaders } from '../../../src/search/elite.js';
import { decayedExploration, explorationAt } from '../../../src/search/exploration.js';
import { graphOf } from '../../../src/search/graph.js';
import { initialState } from '../../../src/search/initial-state.js';
import { leaders } from '../../../src/search/references.js';
import { isGloballyStagnant } from '../../../src/search/stagnation.js';
import type { SearchState } from '../../../src/search/state.js';
import { stepRewards } from '../../../src/search/step-reward.js';
import { type Grown, grown, withWork } from '../../support/grown-state.js';
import { searchLandscape } from '../../support/nk-world.js';
import { CONFIG, costOf, runWorld } from '../../support/scripted-world.js';

const nodesOf = (state: SearchState): readonly SearchNode[] => graphOf(state).finished;
const metricOf = (node: SearchNode): number => node.score?.value ?? Number.NaN;
const chainOf = (values: readonly number[]): Grown[] =>
  values.map((value, place) => ({ id: `n${place + 1}`, value, ...(place > 0 ? { parent: `n${place}` } : {}) }));

test('★ a new best earns more than any other success; the peer compares with a field that is never set', () => {
  type Rewards = (state: SearchState) => readonly number[];
  const peer: Rewards = (state) => {
    const best: { metric?: number } = {};
    return nodesOf(state).map((node) => {
      const isBest = best.metric !== undefined && metricOf(node) > best.metric;
      const parent = node.parent === 'root' ? undefined : state.nodes[node.parent];
      const repaired = parent?.status === 'failed' ? 1.5 : parent ? 1 : 0;
      return node.status === 'failed' ? -1 : repaired + (isBest ? 1.5 : 0);
    });
  };
  const tellsProgress = (rewards: Rewards) => {
    const [, best = 0, worse = 0] = rewards(grown(chainOf([0.5, 0.9, 0.6])));
    return best > worse;
  };
  expect(tellsProgress(stepRewards)).toBe(true);
  expect(tellsProgress(peer)).toBe(false);
});

test('★ a search that improves with every node is not stagnant; the peer compares with a best that includes the node', () => {
  type Stagnant = (state: SearchState) => boolean;
  const peer: Stagnant = (state) => {
    const values = nodesOf(state).map(metricOf);
    const best = Math.max(...values);
    return values.length >= 4 && values.slice(-4).every((value) => value - best <= 0.0001);
  };
  const ours: Stagnant = (state) => isGloballyStagnant(state, 4);
  const rising = grown(chainOf([1, 2, 3, 4, 5, 6, 7, 8]));
  const flat = grown(chainOf([8, 1, 2, 3, 4, 5, 6, 7]));
  expect([ours(rising), ours(flat)]).toEqual([false, true]);
  expect([peer(rising), peer(flat)]).toEqual([true, true]);
});

test('★ when less is better the least of a branch is its best; the peer takes the largest', () => {
  type Leaders = (state: SearchState) => readonly string[];
  const peer: Leaders = (state) =>
    [...graphOf(state).branches.values()].map(
      (branch) => [...branch].sort((a, b) => metricOf(b) - metricOf(a))[0]?.id ?? '',
    );
  const ours: Leaders = (state) => leaders(state).map(({ from }) => from);
  const rows: Grown[] = [
    ...[
      { id: 'n1', value: 3 },
      { id: 'n2', parent: 'n1', value: 1 },
      { id: 'n3', value: 2 },
    ],
    { id: 'n4', parent: 'n3', value: 9 },
  ];
  const least = grown(rows, { direction: 'minimise' });
  const most = grown(rows);
  expect([ours(least), [...ours(most)].sort()]).toEqual([
    ['n2', 'n3'],
    ['n1', 'n4'],
  ]);
  expect([peer(least), [...peer(most)].sort()]).toEqual([
    ['n1', 'n4'],
    ['n1', 'n4'],
  ]);
  expect(branchLeaders(least).map(metricOf)).toEqual([1, 2]);
  expect(bestNode(least)?.id).toBe('n2');
});

test('★ exploration falls with the budget, however many nodes it buys; the peer counts nodes', () => {
  type Schedule = (nodes: number, share: number) => number;
  const peer: Schedule = (nodes) => decayedExploration(nodes);
  const ours: Schedule = (_, share) => explorationAt(share);
  const fallsInAShortRun = (c: Schedule) => c(40, 1) < 0.6 && c(1, 0) > 1.4;
  const alikeAtTheEnd = (c: Schedule) => c(40, 1) === c(400, 1);
  expect([fallsInAShortRun(ours), alikeAtTheEnd(ours)]).toEqual([true, true]);
  expect([fallsInAShortRun(peer), alikeAtTheEnd(peer)]).toEqual([false, false]);
});

test('★ a child equal to a program that exists costs no execution; the peer runs it', () => {
  const executed = (isRefused: boolean) => {
    const config = { ...CONFIG, drafts: 1, executions: 6 };
    const known = new Set<string>();
    const { state } = runWorld(initialState({ config, direction: 'maximise', startedMs: 0, slots: 1 }), {
      fateOf: ({ operator }) => {
        const program = operator === 'draft' ? 'first' : 'the same again';
        const repeats = known.has(program);
        known.add(program);
        return {
          ...{ proposeMs: 1, family: 'a', runMs: 10, evaluateMs: 1, value: 1 },
          ...(repeats && isRefused ? { rejected: 'duplicate' } : {}),
        };
      },
    });
    return { programs: known.size, executions: state.spent.executions };
  };
  expect(executed(true)).toEqual({ programs: 2, executions: 2 });
  expect(executed(false)).toEqual({ programs: 2, executions: 6 });
});

test('★ what informed a program can be read off the state afterwards; the peer leaves it in the text of a prompt', () => {
  const profile = { draftFails: 0, changeFails: 0, fixWorks: 1 };
  const { state, events } = searchLandscape({ seed: 5, k: 3, noise: 0.2, nodes: 60, slots: 2, profile }, 'mcgs').run;
  const told = events.flatMap((event) => (event.kind === 'reserved' && event.references.length > 0 ? [event] : []));
  const peer = (after: SearchState): SearchState => ({ ...after, references: [] });
  const informs = (after: SearchState) =>
    told.every(({ nodeId, references }) => {
      const known = after.references.filter(({ to }) => to === nodeId).map(({ from }) => from);
      return JSON.stringify(known) === JSON.stringify(references.map(({ from }) => from));
    });
  expect(told.length).toBeGreaterThan(3);
  expect(informs(state)).toBe(true);
  expect(informs(peer(state))).toBe(false);
});

test('★ a process that dies loses nothing that a decision rests on; the peer writes its tree and keeps the rest to itself', () => {
  const profile = { draftFails: 0.3, changeFails: 0.2, fixWorks: 0.5 };
  const { events } = searchLandscape({ seed: 9, k: 2, noise: 0.2, nodes: 30, slots: 3, profile }, 'mcgs').run;
  const config = { ...CONFIG, seed: 9, slots: 3, executions: 30, budgetMs: 140_000 };
  const begin = initialState({ config, direction: 'maximise', startedMs: 0, slots: 3 });
  const stored = (state: SearchState): SearchState => JSON.parse(JSON.stringify(state));
  const peer = (state: SearchState): SearchState => ({ ...begin, nodes: stored(state).nodes });
  const goesOn = (restart: (state: SearchState) => SearchState) => {
    let state = begin;
    return events.every((event) => {
      const same = JSON.stringify(decide(restart(state))) === JSON.stringify(decide(state));
      state = apply(state, event);
      return same;
    });
  };
  expect(goesOn(stored)).toBe(true);
  expect(goesOn(peer)).toBe(false);
});

test('★ work that dies leaves nothing behind in the tree; the peer keeps an unvisited child and walks into it for ever', () => {
  const before = grown([{ id: 'n1', value: 1 }], { config: { drafts: 1 }, slots: 2 });
  const working = withWork(before, { nodeId: 'n2', parent: 'n1', phase: 'executing' });
  const died = apply(working, {
    kind: 'cancelled',
    atMs: 1,
    nodeId: 'n2' as never,
    why: 'worker lost',
    cost: costOf(0),
  });
  type Walk = (
    children: readonly { readonly id: string; readonly visits: number; readonly mean: number }[],
  ) => string | undefined;
  const peer: Walk = (children) =>
    [...children].sort((a, b) => (b.visits === 0 ? 1e9 : b.mean) - (a.visits === 0 ? 1e9 : a.mean))[0]?.id;
  const walked = Array.from({ length: 5 }, () =>
    peer([
      { id: 'n2', visits: 0, mean: 0 },
      { id: 'n3', visits: 4, mean: 0.9 },
    ]),
  );
  expect(new Set(walked)).toEqual(new Set(['n2']));
  expect(died.reservations).toEqual([]);
  expect(died.nodes).toEqual(before.nodes);
  const next = decide(died);
  expect(next).toMatchObject({ kind: 'expand', parent: 'n1', nodeId: 'n3' });
  const { kind: _, ...reserved } = next as Extract<typeof next, { kind: 'expand' }>;
  const again = apply(died, { kind: 'reserved', atMs: 1, ...reserved, references: [...reserved.references] });
  expect(decide(again)).toMatchObject({ kind: 'expand', parent: 'n1', nodeId: 'n4' });
});

test('★ model calls are metered and stop at their cap, promised ones included; the peer counts nothing', () => {
  const priced = { ...costOf(0), usd: 0.4, tokens: 1000 };
  const start = initialState({
    config: { ...CONFIG, proposalsAhead: 3 },
    direction: 'maximise',
    startedMs: 0,
    slots: 1,
    caps: { usd: 1 },
  });
  const after = (proposals: number): SearchState => {
    let state = start;
    for (let made = 0; made < proposals; made += 1) {
      const decision = decide(state);
      if (decision.kind !== 'expand') return state;
      const { kind: _, ...reserved } = decision;
      const on = { atMs: made + 1, nodeId: decision.nodeId, cost: priced };
      state = apply(state, { kind: 'reserved', atMs: made + 1, ...reserved, references: [], committed: priced });
      state = apply(state, { kind: 'proposal-rejected', ...on, reason: 'duplicate' });
    }
    return state;
  };
  const peer = (state: SearchState): SearchState => ({ ...state, spent: { ...state.spent, usd: 0, tokens: 0 } });
  expect(after(2).spent).toMatchObject({ usd: 0.8, tokens: 2000 });
  const promised = withWork(after(2), { nodeId: 'n3', phase: 'proposing', committed: priced });
  const isStopped = (state: SearchState) => decide(state).kind !== 'expand';
  expect(isStopped(promised)).toBe(true);
  expect(isStopped(peer(promised))).toBe(false);
});
