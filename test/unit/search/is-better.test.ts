import { expect, test } from '@jest/globals';
import type { SearchNode } from '../../../src/domain/node.js';
import { beats, gain, isBetter, pairedAgainst, rounded } from '../../../src/search/is-better.js';
import { type Grown, grown } from '../../support/grown-state.js';

const [valid, better, failed, alsoFailed] = Object.values(
  grown([{ id: 'n1', value: 1 }, { id: 'n2', value: 2 }, { id: 'n3' }, { id: 'n4' }] satisfies Grown[]).nodes,
) as [SearchNode, SearchNode, SearchNode, SearchNode];

test('a difference counts when it exceeds zero by more than z paired errors', () => {
  expect(isBetter({ delta: 1, pairedSE: 1 }, 0.5)).toBe(true);
  expect(isBetter({ delta: 1, pairedSE: 1 }, 1)).toBe(false);
  expect(isBetter({ delta: 1, pairedSE: 3 }, 0.5)).toBe(false);
  expect(isBetter({ delta: -1, pairedSE: 0 }, 0)).toBe(false);
  expect(isBetter({ delta: 1e-12, pairedSE: 0 }, 0)).toBe(false);
});

test('a node with a score beats every one without, and one without beats nothing', () => {
  expect(beats(valid, failed, undefined, 1)).toBe(true);
  expect(beats(failed, valid, undefined, 1)).toBe(false);
  expect(beats(failed, alsoFailed, undefined, 1)).toBe(false);
  const scoreless = { ...valid, score: undefined } as unknown as SearchNode;
  expect(beats(scoreless, valid, undefined, 1)).toBe(false);
  expect(beats(valid, scoreless, undefined, 1)).toBe(false);
});

test('scores decide where no paired difference was measured, and a measured one outranks them', () => {
  expect(beats(better, valid, undefined, 1)).toBe(true);
  expect(beats(valid, better, undefined, 1)).toBe(false);
  expect(beats(valid, valid, undefined, 0)).toBe(false);
  const paired = { against: valid.id, delta: 1, pairedSE: 2, rows: 9 };
  expect(beats(better, valid, paired, 1)).toBe(false);
  expect(beats(valid, better, { ...paired, delta: 5 }, 1)).toBe(true);
});

test('the paired difference is the one that was measured against the node in question', () => {
  const against = (node: SearchNode, delta: number) => ({ against: node.id, delta, pairedSE: 1, rows: 9 });
  const versus = { parent: against(valid, 1), branchBest: against(better, 2), best: against(failed, 3) };
  const node = { ...valid, versus };
  expect([valid, better, failed, alsoFailed].map((other) => pairedAgainst(node, other)?.delta)).toEqual([
    1,
    2,
    3,
    undefined,
  ]);
  expect(pairedAgainst({ ...valid, versus: { best: versus.best } }, failed)?.delta).toBe(3);
  expect(pairedAgainst(failed, valid)).toBeUndefined();
});

test('more is better on the scale of gains, nothing is less than no score, and the last bits do not count', () => {
  const [least] = Object.values(grown([{ id: 'n1', value: 3 }], { direction: 'minimise' }).nodes);
  expect([gain(valid), gain(least!), gain(failed)]).toEqual([1, -3, Number.NEGATIVE_INFINITY]);
  expect(rounded(0.1 + 0.2)).toBe(0.3);
  expect(rounded(1.2345678904)).toBe(1.23456789);
});
