import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { stringify } from '../../../src/results/csv.js';

test('whatever a cell holds comes back from a CSV reader', () => {
  const rows = [
    ['plain', 'with, comma', 'with "quotes"'],
    ['two\nlines', '', 'ünï'],
  ];
  expect(parse(stringify(rows))).toEqual(rows);
  expect(stringify([[1, undefined, -0.5]])).toBe('1,,-0.5\n');
});
