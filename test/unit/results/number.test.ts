import { expect, test } from '@jest/globals';
import { durationText, scoreText } from '../../../src/results/number.js';

test.each([
  [548.31234, 16.2, '548 ± 16'],
  [0.978123, 0.0184, '0.978 ± 0.018'],
  [0.5, 0, '0.5000 ± 0.0000'],
  [1234.5, 0.91, '1234.50 ± 0.91'],
])('%d ± %d reads %s', (value, standardError, text) => {
  expect(scoreText({ value, standardError })).toBe(text);
});

test.each([
  [45_400, '45 s'],
  [245_000, '4 min 05 s'],
  [7_380_000, '2 h 03 min'],
  [-5, '0 s'],
])('%d ms reads %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
