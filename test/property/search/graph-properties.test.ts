/** What must hold of any graph, however it grew. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SearchNode } from '../../../src/domain/node.js';
import { backup, statisticsOf } from '../../../src/search/backup.js';
import { expandable, openSubtrees } from '../../../src/search/closed.js';
import { decide } from '../../../src/search/decide.js';
import { bestNode, elite, topNodes } from '../../../src/search/elite.js';
import { childrenOf, graphOf } from '../../../src/search/graph.js';
import { extendGraph, indexGraph, placeOf } from '../../../src/search/index-graph.js';
import { prunedNodes } from '../../../src/search/pruned.js';
import { select } from '../../../src/search/select.js';
import type { SearchState } from '../../../src/search/state.js';
import { grown } from '../../support/grown-state.js';
import { graphs, runs, tables } from './arbitraries.js';

/** Statistics of the root and of every node. */
const allOf = (state: SearchState) => {
  const statistics = backup(state);
  return ['root' as const, ...graphOf(state).nodes.map(({ id }) => id)].map((id) => [id, statisticsOf(statistics, id)]);
};
/** Names of nodes that a person pruned, some of which do not exist. */
const marks = () =>
  fc.array(fc.nat(39), { maxLength: 3 }).map((places) => places.map((place) => `n${place + 1}` as never));
/** The definition: everything below is looked at, every time. */
const hasPlace = (state: SearchState, node: SearchNode, isPlace: (node: SearchNode) => boolean): boolean =>
  !prunedNodes(state).has(node.id) &&
  (isPlace(node) ||
    Object.values(state.nodes).some((child) => child.parent === node.id && hasPlace(state, child, isPlace)));
const fresh = (state: SearchState): SearchState => JSON.parse(JSON.stringify(state));

test('visits are conserved and the best value of a subtree is the largest in it', () => {
  fc.assert(
    fc.property(graphs(), (state) => {
      const statistics = backup(state);
      const graph = graphOf(state);
      for (const id of ['root' as const, ...graph.nodes.map((node) => node.id)]) {
        const own = statisticsOf(statistics, id);
        const below = childrenOf(graph, id).map((child) => statisticsOf(statistics, child.id));
        expect(own.visits).toBe((id === 'root' ? 0 : 1) + below.reduce((sum, child) => sum + child.visits, 0));
        expect(own.best).toBe(Math.max(own.value, ...below.map((child) => child.best)));
      }
      expect(statisticsOf(statistics, 'root').visits).toBe(graph.nodes.length);
    }),
    runs(),
  );
});

test('backup done twice equals backup done once, and the order of results does not matter', () => {
  fc.assert(
    fc.property(tables(), fc.integer(), (table, salt) => {
      const state = grown(table);
      const once = allOf(fresh(state));
      const ordinals = state.nextNode;
      const shuffled = Object.values(state.nodes)
        .map((node) => ({
          node: { ...node, ordinal: (node.ordinal * 7919 + Math.abs(salt)) % (ordinals * 31) },
          key: Math.imul(node.ordinal + 1, salt | 1),
        }))
        .sort((a, b) => a.key - b.key)
        .map(({ node }) => [node.id, node]);
      expect(allOf({ ...state, nodes: Object.fromEntries(shuffled) })).toEqual(once);
      expect(allOf(state)).toEqual(once);
      expect(allOf(state)).toEqual(once);
    }),
    runs(),
  );
});

test('an index that grew node by node, in the order of finishing, is the one that is built at once', () => {
  fc.assert(
    fc.property(tables(), fc.array(fc.nat(99)), (table, delays) => {
      const all = Object.values(grown(table).nodes);
      const finished: SearchNode[] = [];
      for (let round = 0; finished.length < all.length; round += 1) {
        const isDone = (id: string) => finished.some((node) => node.id === id);
        const ready = all.filter(({ id, parent }) => !isDone(id) && (parent === 'root' || isDone(parent)));
        const next = ready[(delays[round] ?? 0) % ready.length]!;
        finished.push({ ...next, ordinal: finished.length });
      }
      const grownIndex = finished.reduce(extendGraph, indexGraph([]));
      expect(grownIndex).toEqual(indexGraph(finished));
      expect(grownIndex).toEqual(indexGraph([...finished].reverse()));
      for (const { id } of finished) expect(grownIndex.nodes[placeOf(grownIndex, id)]?.id).toBe(id);
      expect([placeOf(grownIndex, 'root'), placeOf(grownIndex, 'n999' as never)]).toEqual([-1, -1]);
    }),
    runs(),
  );
});

test('the order of the keys of the state decides nothing', () => {
  fc.assert(
    fc.property(graphs(), (state) => {
      const reversed = { ...state, nodes: Object.fromEntries(Object.entries(state.nodes).reverse()) };
      expect(decide(reversed)).toEqual(decide(state));
      expect(topNodes(reversed, 9)).toEqual(topNodes(state, 9));
      expect(elite(reversed, 5)).toEqual(elite(state, 5));
    }),
    runs(),
  );
});

test('mirrored scores under the other direction select the same node with the same numbers', () => {
  fc.assert(
    fc.property(tables(), (table) => {
      const mirror = table.map((row) => (row.value === undefined ? row : { ...row, value: -row.value }));
      const up = grown(table);
      const down = grown(mirror, { direction: 'minimise' });
      expect(select(down)?.path).toEqual(select(up)?.path);
      expect(bestNode(down)?.id).toBe(bestNode(up)?.id);
      expect(elite(down, 8).map((node) => node.id)).toEqual(elite(up, 8).map((node) => node.id));
    }),
    runs(),
  );
});

test('a subtree is open when any place of it is, in whatever order subtrees are asked for', () => {
  const rules = [
    expandable,
    () => () => false,
    () =>
      ({ id }: SearchNode) =>
        Number(id.slice(1)) % 5 === 0,
  ];
  const asked = fc.array(fc.nat(39), { maxLength: 60 });
  fc.assert(
    fc.property(graphs(), marks(), asked, fc.constantFrom(...rules), (grownState, pruned, order, ruleOf) => {
      const state = { ...grownState, steering: { ...grownState.steering, pruned } };
      const rule = ruleOf(state);
      const isOpen = openSubtrees(state, rule);
      const { nodes } = graphOf(state);
      const visited: string[] = [];
      const counting = openSubtrees(state, (node) => visited.push(node.id) > 0 && rule(node));
      for (const place of [...order, ...nodes.keys()]) {
        const node = nodes[place % nodes.length]!;
        expect(isOpen(node)).toBe(hasPlace(state, node, rule));
        counting(node);
      }
      expect(new Set(visited).size).toBe(visited.length);
    }),
    runs(),
  );
});

test('selection ends on an open node by way of open nodes, and finds one whenever there is one', () => {
  fc.assert(
    fc.property(graphs(), marks(), (grownState, pruned) => {
      const state = { ...grownState, steering: { ...grownState.steering, pruned } };
      const isOpen = openSubtrees(state);
      const selection = select(state);
      expect(selection !== undefined).toBe(childrenOf(graphOf(state), 'root').some(isOpen));
      for (const { chosen } of selection?.path ?? []) {
        if (chosen.to !== 'here') expect(isOpen(state.nodes[chosen.to]!)).toBe(true);
      }
      if (selection) expect(isOpen(selection.node)).toBe(true);
    }),
    runs(),
  );
});
