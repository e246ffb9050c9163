import { describe, expect, it } from '@jest/globals';
import { retryAfterMs } from '../../../../src/authors/llm/retry-after.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const read = (headers: Record<string, string>): number | undefined => retryAfterMs(new Headers(headers), NOW);

describe('retryAfterMs', () => {
  it('reads milliseconds, seconds and dates', () => {
    expect(read({ 'retry-after-ms': '250.4', 'retry-after': '9' })).toBe(250);
    expect(read({ 'retry-after': '1.5' })).toBe(1500);
    expect(read({ 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' })).toBe(7000);
  });

  it('trusts the clock of the server about its own dates', () => {
    const date = 'Thu, 01 Jan 2026 01:00:00 GMT';
    expect(read({ date, 'retry-after': 'Thu, 01 Jan 2026 01:00:03 GMT' })).toBe(3000);
  });

  it('is never negative, and absent for what cannot be read', () => {
    expect(read({ 'retry-after': 'Wed, 31 Dec 2025 23:00:00 GMT' })).toBe(0);
    expect(read({ 'retry-after': 'soon' })).toBeUndefined();
    expect(read({ 'retry-after': '-3', date: 'x' })).not.toBe(-3000);
    expect(read({})).toBeUndefined();
    expect(retryAfterMs(undefined)).toBeUndefined();
  });
});
