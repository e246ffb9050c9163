import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import { treeLines } from '../../../src/cli/render/tree.js';
import type { NodeId } from '../../../src/domain/ids.js';
import type { SearchNode } from '../../../src/domain/node.js';

const id = (text: string): NodeId => text as NodeId;

function node(name: string, parent: string, ordinal: number, value?: number): SearchNode {
  const common = {
    id: id(name),
    ordinal,
    parent: parent === 'root' ? ('root' as const) : id(parent),
    branch: id('n1'),
    operator: parent === 'root' ? ('draft' as const) : ('improve' as const),
    depth: 1,
    debugDepth: 0,
    family: 'ridge',
    fingerprint: name,
    cost: { seconds: 1, gpuSeconds: 0, usd: 0, tokens: 0, executions: 1 },
  };
  if (value === undefined) return { ...common, status: 'failed', failure: 'timeout' };
  return {
    ...common,
    status: 'valid',
    score: { value, standardError: 1, rows: 10, direction: 'minimise', source: 'folds' },
  };
}

const plain = (lines: readonly string[]): readonly string[] => lines.map(stripVTControlCharacters);
const page = (nodes: readonly SearchNode[]) => ({ nodes, references: [], inFlight: [] });

test('children hang below their parents in the order of their ids, the best is starred', () => {
  const nodes = [node('n1', 'root', 0, 9), node('n3', 'n1', 2, 7), node('n2', 'root', 1, 8), node('n4', 'n1', 3)];
  expect(plain(treeLines(page(nodes), id('n3'), 20))).toEqual([
    'n1 draft 9.0 ± 1.0 ridge',
    '  ├ ★ n3 improve 7.0 ± 1.0 ridge',
    '  └ n4 improve timeout',
    'n2 draft 8.0 ± 1.0 ridge',
  ]);
});

test('a long tree keeps the way to the best, the newest and an honest count of what is left out', () => {
  const chain = Array.from({ length: 5 }, (_, index) =>
    node(`n${index + 1}`, index === 0 ? 'root' : `n${index}`, index, 50 - index),
  );
  const others = Array.from({ length: 60 }, (_, index) => node(`n${index + 10}`, 'root', index + 5, 90 + index));
  const lines = plain(treeLines(page([...chain, ...others]), id('n5'), 12));
  expect(lines.length).toBeLessThanOrEqual(12);
  for (const name of ['n1', 'n2', 'n3', 'n4', 'n5', 'n69'])
    expect(lines.some((line) => line.includes(`${name} `))).toBe(true);
  const shown = lines.filter((line) => !line.startsWith('…')).length;
  expect(lines.at(-1)).toContain(`and ${65 - shown} more`);
});
