import { expect, test } from '@jest/globals';
import { durationMs } from '../../../src/cli/duration.js';
import { UserError } from '../../../src/domain/errors.js';

test.each([
  ['90s', 90_000],
  ['5m', 300_000],
  ['2h30m', 9_000_000],
  ['1.5h', 5_400_000],
  ['7', 420_000],
])('%s is %d ms', (text, ms) => {
  expect(durationMs(text, '--budget')).toBe(ms);
});

test.each(['', 'soon', '5 minutes', '-3m', '0', '3m2'])('%j is refused with the option and the text', (text) => {
  const attempt = (): number => durationMs(text, '--budget');
  expect(attempt).toThrow(UserError);
  expect(attempt).toThrow(`--budget ${text}`);
});
