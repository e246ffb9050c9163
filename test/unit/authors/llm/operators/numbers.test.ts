/** Numbers in prompts: short, in words where a direction matters, and never finer than they are sure. */
import { expect, test } from '@jest/globals';
import { METRIC_WORDS } from '../../../../../src/authors/llm/operators/metric-words.js';
import { durationText } from '../../../../../src/authors/llm/operators/now-text.js';
import { pairedText, scoreText, shown } from '../../../../../src/authors/llm/operators/numbers.js';
import { MetricName } from '../../../../../src/domain/metric.js';

test.each([
  [shown(0.123456), '0.1235'],
  [shown(1234567), '1235000'],
  [shown(3), '3'],
  [shown(Number.NaN), 'NaN'],
  [shown(-0.00012345, 2), '-0.00012'],
  [durationText(90), '90 s'],
  [durationText(725), '12.1 min'],
  [durationText(9_000), '2.5 h'],
  [pairedText({ delta: 0.02, pairedSE: 0.004 }), 'better by 0.02 ± 0.004'],
  [pairedText({ delta: -3, pairedSE: 1 }), 'worse by 3 ± 1'],
  [pairedText({ delta: -0.5, pairedSE: 1 }), 'no clear difference (−0.5 ± 1)'],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});

test('a score says which way is better, and when it is a claim', () => {
  const score = { value: 0.8123456, standardError: 0.01234, rows: 9, direction: 'maximise', source: 'folds' } as const;
  expect(scoreText(score)).toBe('0.81235 ± 0.012 (higher is better)');
  expect(scoreText({ ...score, direction: 'minimise', source: 'script', standardError: 0 })).toBe(
    '0.81235 (lower is better, as the program itself says)',
  );
});

test('every metric is explained in a line of its own', () => {
  const words = MetricName.options.map((name) => METRIC_WORDS[name]);
  for (const text of words) expect(text).toMatch(/^.{10,160}$/);
  expect(new Set(words).size).toBe(words.length);
});
