import { describe, expect, it } from '@jest/globals';
import { drawOf, logNormal } from '../../../src/stub-model/random.js';
import { createPrefixCache, tokensIn } from '../../../src/stub-model/tokens.js';

describe('logNormal', () => {
  it('has the median and the 95th percentile that were asked for', () => {
    const values = Array.from({ length: 4_000 }, (_, k) => logNormal(2, 8, k)).sort((a, b) => a - b);
    // Standard errors of the two: 1.7 % and 3.1 %.
    expect(values[2_000]).toBeGreaterThan(1.88);
    expect(values[2_000]).toBeLessThan(2.12);
    expect(values[3_800]).toBeGreaterThan(7.1);
    expect(values[3_800]).toBeLessThan(9);
    expect(logNormal(0, 0, 1)).toBe(0);
    expect(logNormal(3, 3, 'x')).toBe(3);
  });

  it('draws evenly, and apart for each purpose', () => {
    const draws = Array.from({ length: 2_000 }, (_, k) => drawOf('a', k));
    const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.03);
    expect(drawOf('a', 1)).not.toBe(drawOf('b', 1));
    expect(drawOf('a', '1', 'b')).not.toBe(drawOf('a', '1b'));
  });
});

describe('tokens', () => {
  it('are four characters, rounded up', () => {
    expect([tokensIn(''), tokensIn('abcd'), tokensIn('abcde')]).toEqual([0, 1, 2]);
  });

  it('are cached in whole blocks from the beginning', () => {
    const cache = createPrefixCache();
    const prefix = 'p'.repeat(1_100);
    expect(cache.cachedTokens(`${prefix}one`)).toBe(0);
    expect(cache.cachedTokens(`${prefix}two`)).toBe(256);
    expect(cache.cachedTokens(`x${prefix}`)).toBe(0);
    expect(cache.cachedTokens('p'.repeat(500))).toBe(0);
  });
});
