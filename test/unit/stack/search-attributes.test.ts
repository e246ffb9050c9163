import { expect, test } from '@jest/globals';
import { compareAttributes, SEARCH_ATTRIBUTES } from '../../../src/stack/search-attributes.js';

test('a namespace with exactly these attributes, and others, has nothing to complain of', () => {
  expect(compareAttributes({ ...SEARCH_ATTRIBUTES, Customer: 'Text' })).toEqual({ missing: [], mismatched: [] });
});

test('what is absent is told apart from what has another type', () => {
  const { Competition: _absent, ...rest } = SEARCH_ATTRIBUTES;
  const { missing, mismatched } = compareAttributes({ ...rest, BestScore: 'Keyword' });
  expect(missing).toEqual(['Competition']);
  expect(mismatched).toEqual([{ name: 'BestScore', want: 'Double', have: 'Keyword' }]);
});

test('the attributes fit the columns that SQL visibility has', () => {
  // Of each type that a namespace on SQLite, MySQL or PostgreSQL can hold.
  const quota: Record<string, number> = { Keyword: 10, Int: 3, Double: 3 };
  const used = Object.values(SEARCH_ATTRIBUTES);
  for (const [type, most] of Object.entries(quota)) {
    expect(used.filter((one) => one === type).length).toBeLessThanOrEqual(most);
  }
  expect(used.every((type) => type in quota)).toBe(true);
});
