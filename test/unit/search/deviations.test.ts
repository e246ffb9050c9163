/** Behaviour of the released systems that is not inherited, one test for each: see docs/mcgs.md, "What is done differently". */
import { expect, test } from '@jest/globals';
import { PolicyName } from '../../../src/domain/search-config.js';
import { apply } from '../../../src/search/apply.js';
import { backup, statisticsOf } from '../../../src/search/backup.js';
import { decide } from '../../../src/search/decide.js';
import { bestNode } from '../../../src/search/elite.js';
import { decayedExploration, explorationAt } from '../../../src/search/exploration.js';
import { initialState } from '../../../src/search/initial-state.js';
import { airaEvolutionary } from '../../../src/search/policies/aira-evolutionary.js';
import { airaMcts } from '../../../src/search/policies/aira-mcts.js';
import { greedy } from '../../../src/search/policies/greedy.js';
import { mcgsPaper } from '../../../src/search/policies/mcgs-paper.js';
import { streamsOf } from '../../../src/search/random.js';
import { bestOfBranches, leaders } from '../../../src/search/references.js';
import { select } from '../../../src/search/select.js';
import { isGloballyStagnant } from '../../../src/search/stagnation.js';
import { stepRewards } from '../../../src/search/step-reward.js';
import { type Grown, grown, withWork } from '../../support/grown-state.js';
import { searchLandscape } from '../../support/nk-world.js';
import { CONFIG, costOf, runWorld } from '../../support/scripted-world.js';

test('the reward depends on how good a node is, and a new best takes the first place from the old one', () => {
  const valueIn = (rows: Parameters<typeof grown>[0], id: string) =>
    statisticsOf(backup(grown(rows)), id as never).value;
  const before = [
    { id: 'n1', value: 1 },
    { id: 'n2', value: 2 },
  ];
  expect(valueIn(before, 'n2')).toBe(1);
  expect(valueIn([...before, { id: 'n3', value: 3 }], 'n2')).toBeCloseTo(2 / 3);
  expect(valueIn([...before, { id: 'n3', value: 3 }], 'n3')).toBe(1);
});

test('a strictly improving search is never globally stagnant', () => {
  const rows = Array.from({ length: 20 }, (_, place) => ({ id: `n${place + 1}`, value: place }));
  expect(isGloballyStagnant(grown(rows, { config: { executions: 40 } }))).toBe(false);
});

test('when minimising, aggregation takes the least score of each branch', () => {
  const rows = [
    { id: 'n1', value: 3 },
    { id: 'n2', parent: 'n1', value: 1 },
    { id: 'n3', value: 2 },
    { id: 'n4', parent: 'n3', value: 9 },
  ];
  const state = grown(rows, { direction: 'minimise' });
  expect(leaders(state).map(({ from }) => from)).toEqual(['n2', 'n3']);
  expect(bestNode(state)?.id).toBe('n2');
});

test('phases follow the share of the budget, not a number of nodes', () => {
  const rows = [
    ...[
      { id: 'n1', value: 9 },
      { id: 'n2', parent: 'n1', value: 8 },
      { id: 'n3', value: 7 },
    ],
    ...[4, 5, 6, 7, 8].map((place) => ({ id: `n${place}`, parent: 'n3', value: 1, seconds: 60 })),
  ];
  const config = { drafts: 2, stagnationGlobal: 3, reserveShare: 0 };
  const decided = (nowMs: number) => decide(grown(rows, { config, nowMs }));
  expect(decided(160_000)).toMatchObject({ kind: 'expand', operator: 'aggregate', parent: 'root' });
  expect(decided(60_000)).not.toMatchObject({ operator: 'aggregate' });
});

test('a program equal to one that exists is refused before it runs, and the place closes instead of looping', () => {
  const start = initialState({ config: CONFIG, direction: 'maximise', startedMs: 0, slots: 2 });
  const duplicate = { proposeMs: 1, family: 'a', runMs: 1, evaluateMs: 1, rejected: 'duplicate' };
  const { state, reason } = runWorld(start, { fateOf: () => duplicate });
  expect(reason).toBe('exhausted');
  expect(state).toMatchObject({ nodes: {}, spent: { executions: 0 }, rejected: state.nextNode - 1 });
  expect(state.nextNode).toBeLessThan(10);
});

test('every reference that an author was given is recorded as an edge', () => {
  const profile = { draftFails: 0, changeFails: 0, fixWorks: 1 };
  const { state, events } = searchLandscape({ seed: 5, k: 3, noise: 0.2, nodes: 60, slots: 2, profile }, 'mcgs').run;
  const given = events.flatMap((event) => (event.kind === 'reserved' ? event.references : []));
  expect(given.length).toBeGreaterThan(0);
  expect(state.references).toEqual(given);
  for (const { from, to, kind } of given) {
    expect(state.nodes[from]?.status).toBe('valid');
    if (kind === 'trajectory') expect(state.nodes[from]?.branch).toBe(state.nodes[to]?.branch);
    if (kind === 'cross-branch') expect(state.nodes[from]?.branch).not.toBe(state.nodes[to]?.branch);
  }
});

test('a node in flight is a reservation: it is never selected, and when it goes nothing stays behind', () => {
  const graph = grown([{ id: 'n1', value: 1 }]);
  const state = withWork(graph, { nodeId: 'n2', parent: 'n1', phase: 'executing' });
  expect(select(state)?.node.id).toBe('n1');
  expect(statisticsOf(backup(state), 'n1' as never).visits).toBe(1);
  expect(select({ ...state, reservations: [] })?.path).toEqual(select(graph)?.path);
});

test('a search that only ever fails still drafts, debugs and ends in good order', () => {
  const start = initialState({ config: { ...CONFIG, executions: 30 }, direction: 'maximise', startedMs: 0, slots: 2 });
  const broken = { proposeMs: 1, family: 'a', runMs: 500, evaluateMs: 1, failure: 'exception' as const };
  const { state, reason } = runWorld(start, { fateOf: () => broken });
  expect(reason).toBe('executions');
  const operators = Object.values(state.nodes).map((node) => node.operator);
  expect(operators).toContain('debug');
  expect(Math.max(...Object.values(state.nodes).map((node) => node.debugDepth))).toBe(3);
  expect(bestNode(state)).toBeUndefined();
});

test('what a search spends is metered node by node', () => {
  const profile = { draftFails: 0.4, changeFails: 0.3, fixWorks: 0.5 };
  const { state } = searchLandscape({ seed: 2, k: 2, noise: 0.2, nodes: 40, slots: 3, profile }, 'mcgs').run;
  const nodes = Object.values(state.nodes);
  expect(state.spent.executions).toBe(nodes.length);
  expect(nodes.every((node) => node.cost.executions === 1)).toBe(true);
  expect(state.spent.seconds).toBeGreaterThanOrEqual(nodes.reduce((sum, node) => sum + node.cost.seconds, 0) - 1e-6);
});

const PROFILE = { draftFails: 0.3, changeFails: 0.2, fixWorks: 0.5 };
const fresh = <T>(value: T): T => JSON.parse(JSON.stringify(value));
/** Five drafts, each of them done with its chain. */
const fiveDone = (values: readonly number[] = [1, 2, 3, 4, 5]): Grown[] =>
  values.flatMap((value, branch) =>
    [0, 1, 2, 3, 4].map((link) => ({
      id: `n${5 * branch + link + 1}`,
      value: link === 0 ? value : 0,
      ...(link === 0 ? {} : { parent: `n${5 * branch + link}` }),
    })),
  );

test('the published reward tells a new best of the branch from any other success, in both directions', () => {
  const rewards = (values: readonly number[], direction: 'maximise' | 'minimise') => {
    const rows = values.map((value, place) => ({ id: `n${place + 1}`, value, ...(place ? { parent: 'n1' } : {}) }));
    return [...stepRewards(grown(rows, { direction })).values()];
  };
  expect(rewards([1, 2, 1, 3], 'maximise')).toEqual([2, 2, 1, 2]);
  expect(rewards([1, 2, 1, 0.5], 'minimise')).toEqual([2, 1, 1, 2]);
});

test('exploration decays with the budget: a run of forty nodes explores as little at its end as one of four hundred', () => {
  expect(decayedExploration(40)).toBeGreaterThan(1.4);
  expect(explorationAt(1)).toBe(0.5);
  const cAt = (executions: number) => {
    const config = {
      policy: 'mcgs-paper' as const,
      preset: 'successor' as const,
      paperForced: false,
      paperElite: false,
    };
    const rows = fiveDone().map((row) => ({ ...row, seconds: 0 }));
    const move = mcgsPaper.choose(grown(rows, { config: { ...config, executions, aggregate: false } }));
    return (move?.path[0]?.arms[0]?.exploration ?? 0) / Math.sqrt(Math.log(5));
  };
  expect(cAt(25)).toBeCloseTo(0.5, 9);
  expect(cAt(50)).toBeCloseTo(0.5, 9);
  expect(cAt(250)).toBeCloseTo(1.364, 9);
});

test.each(PolicyName.options)(
  '%s: a search that was stored at any time and read again goes on to the same graph',
  (policy) => {
    const task = { seed: 9, k: 2, noise: 0.2, nodes: 30, slots: 3, profile: PROFILE };
    const { state, events } = searchLandscape(task, policy).run;
    const config = { ...CONFIG, policy, seed: 9, slots: 3, executions: 30, budgetMs: 140_000 };
    let resumed = initialState({ config, direction: 'maximise', startedMs: 0, slots: 3 });
    let expansions = 0;
    for (const event of events) {
      if (event.kind === 'reserved') {
        const decision = decide(resumed);
        expect(decision).toMatchObject({
          kind: 'expand',
          nodeId: event.nodeId,
          parent: event.parent,
          seed: event.seed,
        });
        expansions += 1;
      }
      resumed = fresh(apply(resumed, event));
    }
    expect(expansions).toBeGreaterThan(20);
    expect(resumed).toEqual(fresh(state));
  },
);

test('fusion takes the best partners by rank, not the first branches by number', () => {
  const rows: Grown[] = [1, 2, 3, 4, 5, 6, 7, 8].map((place) => ({ id: `n${place}`, value: place }));
  const state = grown(rows);
  const partners = bestOfBranches(state, Object.values(state.nodes)[0]!).map(({ from }) => from);
  expect(partners).toEqual(['n8', 'n7', 'n6', 'n5', 'n4']);
});

test('when every branch is busy nothing is aggregated out of turn, and the next worker is not sent into a loop', () => {
  let state = grown(fiveDone(), { config: { policy: 'mcgs-paper' }, slots: 9 });
  for (let number = 26; number < 34; number += 1) {
    const decision = decide(state);
    expect(decision).toMatchObject({ kind: 'expand', operator: 'improve', nodeId: `n${number}` });
    if (decision.kind === 'expand') state = withWork(state, { nodeId: `n${number}`, parent: String(decision.parent) });
  }
});

test('a branch is busy until all of its work has ended, whoever ends first', () => {
  const busy = (ids: readonly string[]) =>
    ids.reduce(
      (state, nodeId, place) => withWork(state, { nodeId, parent: place < 2 ? 'n1' : `n${5 * place - 4}` }),
      grown(fiveDone(), { slots: 9 }),
    );
  const state = busy(['n26', 'n27']);
  const one = { ...state, reservations: state.reservations.slice(1) };
  const none = { ...state, reservations: [] };
  expect(mcgsPaper.choose(state)?.branch).toBe('n6');
  expect(mcgsPaper.choose(one)?.branch).toBe('n6');
  expect(mcgsPaper.choose(none)?.branch).toBe('n1');
});

test('a score that is no number is no score, and never the best one', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const start = withWork(grown([{ id: 'n1', value: 0.5 }], { direction: 'minimise' }), {
      nodeId: 'n2',
      phase: 'evaluating',
    });
    const score = { value, standardError: 0, rows: 9, direction: 'minimise' as const, source: 'hidden' as const };
    const after = apply(start, {
      kind: 'finished',
      atMs: 1,
      nodeId: 'n2' as never,
      score,
      versus: {},
      cost: costOf(1),
    });
    expect(bestNode(after)?.id).toBe('n1');
    expect(after.nodes['n2' as never]).toMatchObject({ status: 'failed', failure: 'bad-format' });
  }
});

test('the best node does not depend on the order of arrival, and equals do not displace one another', () => {
  const values = [3, 1, 2, 1, 5, 1];
  const best = (order: readonly number[]) => {
    const rows = order.map((place) => ({ id: `n${place + 1}`, value: values[place]! }));
    return bestNode(grown(rows, { direction: 'minimise' }))?.id;
  };
  expect(best([0, 1, 2, 3, 4, 5])).toBe('n2');
  expect(best([5, 4, 3, 2, 1, 0])).toBe('n2');
});

test.each([
  [0, []],
  [1, ['n1']],
  [2, ['n1', 'n3']],
  [3, ['n1', 'n3', 'n6']],
])('greedy: with a debug depth of %d the failed leaves %j are repaired, not one step more', (debugDepth, expected) => {
  const rows: Grown[] = [
    { id: 'n1' },
    { id: 'n2' },
    { id: 'n3', parent: 'n2', operator: 'debug', debugDepth: 1 },
    { id: 'n4' },
    { id: 'n5', parent: 'n4', operator: 'debug', debugDepth: 1 },
    { id: 'n6', parent: 'n5', operator: 'debug', debugDepth: 2 },
    { id: 'n7', value: 1 },
  ];
  const state = grown(rows, { config: { greedyDrafts: 4, greedyDebugProbability: 1, debugDepth } });
  const parents = Array.from(
    { length: 60 },
    (_, seed) => greedy.choose({ ...state, streams: streamsOf(seed) })?.parent,
  );
  const repaired = [...new Set(parents)].filter((id) => id !== 'root' && id !== 'n7').sort();
  expect(repaired).toEqual(expected);
});

test('aira-mcts: improvements that stay broken cost their parent visits, so a dead leaf is left and never chosen for ever', () => {
  const rows: Grown[] = [0.9, 0.8, 0.7, 0.6, 0.5].map((value, place) => ({ id: `n${place + 1}`, value }));
  const dead = (count: number): Grown[] =>
    Array.from({ length: count }, (_, child) => ({ id: `n${6 + child}`, parent: 'n1', debugDepth: 10 }));
  expect(airaMcts.choose(grown(rows))?.parent).toBe('n1');
  const after = airaMcts.choose(grown([...rows, ...dead(2)]));
  expect(after?.parent).toBe('n2');
  expect(after?.path[0]?.arms.find(({ to }) => to === 'n1')).toMatchObject({
    value: expect.closeTo(1 / 3, 9),
    visits: 3,
  });
  const closed = airaMcts.choose(grown([...rows, ...dead(5)]));
  expect(closed?.path[0]?.arms.map(({ to }) => to)).not.toContain('n1');
});

test('aira-mcts: a failed program is never improved, the search ends at its cap, not one program later and without spinning', () => {
  let drafted = 0;
  const start = initialState({
    config: { ...CONFIG, policy: 'aira-mcts', executions: 200 },
    direction: 'maximise',
    startedMs: 0,
    slots: 2,
  });
  const { state, events, reason } = runWorld(start, {
    fateOf: ({ operator }) => {
      const failure = operator === 'draft' && drafted++ < 2 ? {} : { failure: 'exception' as const };
      return { proposeMs: 1, family: 'a', runMs: 50, evaluateMs: 1, value: drafted, ...failure };
    },
  });
  expect(reason).toBe('executions');
  expect(state.spent.executions).toBe(200);
  const improved = events.flatMap((event) =>
    event.kind === 'reserved' && event.operator === 'improve' ? [event.parent] : [],
  );
  expect(new Set(improved)).toEqual(new Set(['n1', 'n2']));
});

test('aira-evolutionary: a crossing that finds one parent becomes an improvement, an empty population drafts', () => {
  const rows: Grown[] = [
    { id: 'n1', value: 1 },
    ...[2, 3, 4, 5].map((place) => ({ id: `n${place}`, debugDepth: 10 })),
    ...[6, 7, 8, 9, 10].map((place) => ({ id: `n${place}`, parent: 'n1', debugDepth: 10 })),
  ];
  const over = (table: readonly Grown[]) =>
    new Set(
      Array.from(
        { length: 40 },
        (_, seed) => airaEvolutionary.choose({ ...grown(table), streams: streamsOf(seed) })?.operator,
      ),
    );
  expect(over(rows)).toEqual(new Set(['improve']));
  expect(over([...rows, { id: 'n11', value: 2 }])).toEqual(new Set(['improve', 'fuse']));
  expect(over(rows.map(({ value: _, ...row }) => ({ ...row, debugDepth: 10 })))).toEqual(new Set(['draft']));
});
