import { expect, test } from '@jest/globals';
import { bestNode, branchBest, branchLeaders, elite, topNodes, validNodes } from '../../../src/search/elite.js';
import { isPruned, prunedNodes } from '../../../src/search/pruned.js';
import type { SearchState } from '../../../src/search/state.js';
import { type Grown, grown } from '../../support/grown-state.js';

/** A strong branch of five, a middling one of two, a weak one, and failures in between. */
const ROWS: readonly Grown[] = [
  { id: 'n1', value: 9 },
  { id: 'n2', value: 5 },
  { id: 'n3', value: 1 },
  { id: 'n4', parent: 'n1', value: 8 },
  { id: 'n5', parent: 'n4', value: 8 },
  { id: 'n6', parent: 'n1' },
  { id: 'n7', parent: 'n4', value: 7 },
  { id: 'n8', parent: 'n2', value: 6 },
  { id: 'n9', parent: 'n7', value: 9.5 },
];
const ids = (nodes: readonly { readonly id: string }[]) => nodes.map(({ id }) => id);
const steered = (steering: Partial<Record<'pruned' | 'pinned', readonly string[]>>): SearchState => {
  const state = grown(ROWS);
  return { ...state, steering: { ...state.steering, ...steering } as SearchState['steering'] };
};

test('the best come first, equals in the order of decision, failures not at all', () => {
  const state = grown(ROWS);
  expect(ids(validNodes(state))).toEqual(['n9', 'n1', 'n4', 'n5', 'n7', 'n8', 'n2', 'n3']);
  expect(ids(topNodes(state, 3))).toEqual(['n9', 'n1', 'n4']);
  expect(bestNode(state)?.id).toBe('n9');
  expect(bestNode(grown([{ id: 'n1' }]))).toBeUndefined();
});

test('no more than three of a branch stand in the elite together, or as many as asked for', () => {
  const state = grown(ROWS);
  expect(ids(elite(state, 5))).toEqual(['n9', 'n1', 'n4', 'n8', 'n2']);
  expect(ids(elite(state, 4, 2))).toEqual(['n9', 'n1', 'n8', 'n2']);
  expect(ids(elite(state, 3, 1))).toEqual(['n9', 'n8', 'n3']);
  expect(ids(elite(state, 99))).toEqual(['n9', 'n1', 'n4', 'n8', 'n2', 'n3']);
  expect(elite(state, 0)).toEqual([]);
});

test('pinned nodes come before all others and do not use up the places of their branch; a pinned failure has no place', () => {
  expect(ids(elite(steered({ pinned: ['n7', 'n6', 'n404'] }), 5))).toEqual(['n7', 'n9', 'n1', 'n4', 'n8']);
  expect(ids(elite(steered({ pinned: ['n3', 'n2'] }), 1))).toEqual(['n3']);
  expect(ids(elite(steered({ pinned: ['n9'] }), 3))).toEqual(['n9', 'n1', 'n4']);
});

test('each branch has a best node, and what is pruned is neither best nor a leader', () => {
  const state = grown(ROWS);
  expect(ids(branchLeaders(state))).toEqual(['n9', 'n8', 'n3']);
  expect(branchBest(state, 'n2' as never)?.id).toBe('n8');
  expect(branchBest(state, 'n6' as never)).toBeUndefined();
  const pruned = steered({ pruned: ['n4'] });
  expect(ids(validNodes(pruned))).toEqual(['n1', 'n8', 'n2', 'n3']);
  expect(ids(branchLeaders(pruned))).toEqual(['n1', 'n8', 'n3']);
  expect(ids(validNodes({ ...pruned, steering: { ...pruned.steering, pruned: ['n1' as never] } }))).toEqual([
    'n8',
    'n2',
    'n3',
  ]);
  expect(ids(validNodes(pruned))).toEqual(['n1', 'n8', 'n2', 'n3']);
});

test('with a node everything below it is pruned, also what is on its way there, and nothing else', () => {
  const pruned = prunedNodes(steered({ pruned: ['n4'] }));
  expect([...pruned].sort()).toEqual(['n4', 'n5', 'n7', 'n9']);
  const work = (nodeId: string, parent: string) =>
    isPruned(pruned, { nodeId: nodeId as never, parent: parent as never });
  expect([work('n10', 'n9'), work('n10', 'n1'), work('n4', 'n1'), work('n10', 'root')]).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect(prunedNodes(grown(ROWS)).size).toBe(0);
});
