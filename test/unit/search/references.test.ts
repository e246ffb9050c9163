/** Which nodes inform a new one: see the operators for when they do. */
import { expect, test } from '@jest/globals';
import type { SearchNode } from '../../../src/domain/node.js';
import { bestOfBranches, complementary, leaders, ofOtherFamilies, trajectory } from '../../../src/search/references.js';
import type { SearchState } from '../../../src/search/state.js';
import { type Grown, grown, withWork } from '../../support/grown-state.js';

const from = (sources: readonly { readonly from: string }[]) => sources.map((source) => source.from);
const nodeIn = (state: SearchState, id: string) => state.nodes[id as never] as SearchNode;
const ROWS: readonly Grown[] = [
  { id: 'n1', value: 1, family: 'linear' },
  { id: 'n2', value: 8, family: 'trees' },
  { id: 'n3', value: 7, family: 'trees' },
  { id: 'n4', value: 6, family: 'svm' },
  { id: 'n5', value: 5, family: 'linear' },
  { id: 'n6', parent: 'n2', value: 9, family: 'net' },
  { id: 'n7', value: 4, family: 'knn' },
];
const fused = (parent: string, partner: string, to: string) =>
  ({ from: partner, to, kind: 'cross-branch', parent }) as const;

test('a trajectory is the way that led to the node, nearest first, seven at most, and ends at the head of the branch', () => {
  const line = Array.from(
    { length: 10 },
    (_, place): Grown => ({ id: `n${place + 1}`, value: place, ...(place ? { parent: `n${place}` } : {}) }),
  );
  const state = grown(line);
  expect(trajectory(state, nodeIn(state, 'n10'))).toEqual(
    ['n9', 'n8', 'n7', 'n6', 'n5', 'n4', 'n3'].map((id) => ({ from: id, kind: 'trajectory' })),
  );
  expect(from(trajectory(state, nodeIn(state, 'n3')))).toEqual(['n2', 'n1']);
  expect(trajectory(state, nodeIn(state, 'n1'))).toEqual([]);
});

test('leaders are the best of each branch, best first, seven at most', () => {
  expect(leaders(grown(ROWS))).toEqual(
    ['n6', 'n3', 'n4', 'n5', 'n7', 'n1'].map((id) => ({ from: id, kind: 'aggregate' })),
  );
  const many = grown(Array.from({ length: 9 }, (_, place) => ({ id: `n${place + 1}`, value: place })));
  expect(from(leaders(many))).toEqual(['n9', 'n8', 'n7', 'n6', 'n5', 'n4', 'n3']);
});

test('blind partners are the best of each other family in other branches, three at most', () => {
  const state = grown(ROWS);
  expect(ofOtherFamilies(state, nodeIn(state, 'n1'))).toEqual(
    ['n6', 'n2', 'n4'].map((id) => ({ from: id, kind: 'cross-branch' })),
  );
  expect(from(ofOtherFamilies(state, nodeIn(state, 'n2')))).toEqual(['n4', 'n5', 'n7']);
});

test('the published partners are the best of other branches, two of each and five together', () => {
  const state = grown([...ROWS, { id: 'n8', parent: 'n2', value: 8.5 }]);
  expect(from(bestOfBranches(state, nodeIn(state, 'n1')))).toEqual(['n6', 'n8', 'n3', 'n4', 'n5']);
  expect(from(bestOfBranches(state, nodeIn(state, 'n6')))).toEqual(['n3', 'n4', 'n5', 'n7', 'n1']);
});

test('nobody is fused twice with the same partner, in whichever role and also while it is on its way; other edges do not count', () => {
  const state = grown([...ROWS, { id: 'n8', parent: 'n3', operator: 'fuse', value: 2 }]);
  const edge = ({ parent: _, ...reference }: ReturnType<typeof fused>) => reference as never;
  const partners = (given: SearchState, id: string) => from(bestOfBranches(given, nodeIn(given, id)));
  const after = { ...state, references: [edge(fused('n3', 'n6', 'n8'))] };
  expect([partners(state, 'n3')[0], partners(state, 'n6')[0]]).toEqual(['n6', 'n3']);
  expect(partners(after, 'n3')).not.toContain('n6');
  expect(partners(after, 'n6')).not.toContain('n3');
  expect(partners(after, 'n4')).toEqual(partners(state, 'n4'));
  const flying = withWork(
    { ...state, references: [edge(fused('n4', 'n3', 'n9'))] },
    { nodeId: 'n9', parent: 'n4', operator: 'fuse' },
  );
  expect(partners(flying, 'n4')).not.toContain('n3');
  expect(partners(flying, 'n3')).not.toContain('n4');
  const drafted = withWork({ ...state, references: [edge(fused('root', 'n3', 'n9'))] }, { nodeId: 'n9' });
  expect(partners(drafted, 'n3')).toEqual(partners(state, 'n3'));
  const told = { ...state, references: [{ ...(edge(fused('n3', 'n6', 'n8')) as object), kind: 'aggregate' } as never] };
  expect(partners(told, 'n3')).toContain('n6');
});

test('measured partners need a gain above one error, count whoever measured them, and the largest gain comes first', () => {
  const gainWith = (partner: string, gain: number, standardError: number) => ({
    with: partner as never,
    gain,
    standardError,
  });
  const rows = ROWS.map((row) => {
    if (row.id === 'n1')
      return { ...row, complement: [gainWith('n2', 0.3, 0.2), gainWith('n3', 0.2, 0.2), gainWith('n4', 0.5, 0.1)] };
    return row.id === 'n7' ? { ...row, complement: [gainWith('n1', 0.4, 0.1), gainWith('n5', 9, 1)] } : row;
  });
  const state = grown(rows);
  expect(complementary(state, nodeIn(state, 'n1'))).toEqual(
    ['n4', 'n7', 'n2'].map((id) => ({ from: id, kind: 'cross-branch' })),
  );
  expect(from(complementary(state, nodeIn(state, 'n5')))).toEqual(['n7']);
  expect(complementary(state, nodeIn(state, 'n3'))).toEqual([]);
  const same = grown(rows.map((row) => (row.id === 'n4' ? { ...row, parent: 'n1' } : row)));
  expect(from(complementary(same, nodeIn(same, 'n1')))).toEqual(['n7', 'n2']);
});
