/** Behaviour of the released systems that is not inherited, one test for each: see docs/mcgs.md, "What is done differently". */
import { expect, test } from '@jest/globals';
import { backup, statisticsOf } from '../../../src/search/backup.js';
import { decide } from '../../../src/search/decide.js';
import { bestNode } from '../../../src/search/elite.js';
import { initialState } from '../../../src/search/initial-state.js';
import { leaders } from '../../../src/search/references.js';
import { select } from '../../../src/search/select.js';
import { isGloballyStagnant } from '../../../src/search/stagnation.js';
import { grown, withWork } from '../../support/grown-state.js';
import { searchLandscape } from '../../support/nk-world.js';
import { CONFIG, runWorld } from '../../support/scripted-world.js';

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
