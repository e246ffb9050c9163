import { expect, test } from '@jest/globals';
import type { SearchNode } from '../../../src/domain/node.js';
import type { Cost } from '../../../src/domain/score.js';
import { expectedNodes, medianSeconds, worstCase } from '../../../src/search/estimates.js';
import type { SearchState } from '../../../src/search/state.js';
import { type Grown, grown } from '../../support/grown-state.js';

/** 300 s less the reserve of 15 %: 255 s of search, and a limit of an eighth of that for one program. */
const SEARCH_SECONDS = 255;
const LIMIT = SEARCH_SECONDS / 8;
/** What the three nodes of the prior take together: a tenth of the limit each. */
const PRIOR = 0.3 * LIMIT;

/** Drafts that took so many seconds each, in the order of finishing. */
const lasting = (seconds: readonly number[]): Grown[] =>
  seconds.map((each, place) => ({ id: `n${place + 1}`, value: 0.5, seconds: each }));
const times = (count: number, seconds: number): number[] => Array.from({ length: count }, () => seconds);
/** A draft with these costs. */
const costing = (id: string, cost: Partial<Cost>, more: Partial<SearchNode> = {}): Grown =>
  ({
    id,
    value: 0.5,
    ...more,
    cost: { seconds: 1, gpuSeconds: 0, usd: 0, tokens: 0, executions: 1, ...cost },
  }) as Grown;

test('before anything has finished, a program is expected to need a tenth of its limit', () => {
  const start = grown([], { slots: 2 });
  expect(expectedNodes(start)).toBe(Math.floor((SEARCH_SECONDS * 2) / (LIMIT / 10)));
  expect(expectedNodes(start)).toBe(160);
  expect(expectedNodes(grown([], { slots: 1 }))).toBe(80);
  expect(expectedNodes(grown([], { slots: 3 }))).toBe(240);
});

test('that guess counts as three nodes beside those that have finished, failed ones included', () => {
  const mean = (PRIOR + 40) / (3 + 4);
  expect(expectedNodes(grown(lasting([10, 10, 10, 10])))).toBe(Math.floor((SEARCH_SECONDS * 2) / mean));
  const failed = grown([...lasting([10, 10, 10]), { id: 'n4', seconds: 10 }]);
  expect(expectedNodes(failed)).toBe(Math.floor((SEARCH_SECONDS * 2) / mean));
  expect(expectedNodes(grown(lasting(times(200, 0))))).toBeGreaterThan(160);
});

test('never more nodes than executions, never less than one, and finite where nodes take no time at all', () => {
  expect(expectedNodes(grown([], { config: { executions: 12 } }))).toBe(12);
  expect(expectedNodes(grown(lasting([100_000, 100_000]), { config: { budgetMs: 10_000 } }))).toBe(1);
  const instant = grown(lasting(times(4, 0)), { config: { budgetMs: 1000, runSecondsCap: 1e-9, executions: 1e12 } });
  expect(expectedNodes(instant)).toBe(1700);
});

test('the median is of the last fifty-one nodes, by number and not by text; of an even count the upper', () => {
  expect(medianSeconds(grown([]))).toBeUndefined();
  expect(medianSeconds(grown(lasting([9, 100, 10])))).toBe(10);
  expect(medianSeconds(grown(lasting([4, 1, 3, 2])))).toBe(3);
  expect(medianSeconds(grown(lasting([...times(120, 100), ...times(51, 2)])))).toBe(2);
  expect(medianSeconds(grown(lasting([...times(26, 100), ...times(26, 2)])))).toBe(2);
  expect(medianSeconds(grown(lasting([...times(26, 100), ...times(25, 2)])))).toBe(100);
});

test('the worst case is a full run, and otherwise the dearest of the last nodes of its operator', () => {
  const state = grown([
    costing('n1', { gpuSeconds: 5, usd: 0.5, tokens: 900 }),
    costing('n2', { gpuSeconds: 7, usd: 0.2, tokens: 800 }),
    costing('n3', { gpuSeconds: 90, usd: 9, tokens: 9000 }, { parent: 'n1' as never }),
  ]);
  expect(worstCase(state, 'draft')).toEqual({ seconds: LIMIT, gpuSeconds: 7, usd: 0.5, tokens: 900, executions: 1 });
  const improve = { seconds: LIMIT, gpuSeconds: 90, usd: 9, tokens: 9000, executions: 1 };
  expect(worstCase(state, 'improve')).toEqual(improve);
  expect(worstCase(state, 'fuse')).toEqual(improve);
});

test('an unknown price counts as nothing, and what is long past is forgotten', () => {
  const nothing = { seconds: LIMIT, gpuSeconds: 0, usd: 0, tokens: 0, executions: 1 };
  expect(worstCase(grown([]), 'draft')).toEqual(nothing);
  expect(worstCase(grown([costing('n1', { usd: null, tokens: 3 })]), 'draft')).toEqual({ ...nothing, tokens: 3 });
  const later = (count: number): SearchState =>
    grown([
      costing('n1', { tokens: 5000 }),
      ...Array.from({ length: count }, (_, place) => costing(`n${place + 2}`, { tokens: place + 1 })),
    ]);
  expect(worstCase(later(50), 'draft').tokens).toBe(5000);
  expect(worstCase(later(51), 'draft').tokens).toBe(51);
  expect(worstCase(later(120), 'draft').tokens).toBe(120);
});
