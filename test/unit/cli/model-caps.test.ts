/** Caps and prices as they are asked for: what is understood, and what is refused with a next step. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { PRICES } from '../../../src/authors/llm/prices.js';
import { addCapOptions, capsOf, checkPriced, pricesFor, type RawCaps } from '../../../src/cli/model-caps.js';

function parsed(...args: readonly string[]): RawCaps {
  return addCapOptions(new Command().exitOverride())
    .parse([...args], { from: 'user' })
    .opts<RawCaps>();
}

function priceFile(text: string): NodeJS.ProcessEnv {
  const path = join(mkdtempSync(join(tmpdir(), 'prices-')), 'prices.toml');
  writeFileSync(path, text);
  return { AUTOMLGEN_PRICES: path };
}

test('caps are given in money, tokens and calls; nothing is capped that was not asked for', () => {
  expect(capsOf(parsed('--max-usd', '0.5', '--max-tokens', '1e6', '--max-calls', '20'))).toEqual({
    usd: 0.5,
    tokens: 1_000_000,
    calls: 20,
  });
  expect(capsOf(parsed())).toEqual({});
  expect(capsOf(parsed('--max-usd', '0'))).toEqual({ usd: 0 });
  for (const text of ['', 'two', '-1', 'Infinity']) {
    expect(() => capsOf({ maxUsd: text })).toThrow(expect.objectContaining({ code: 'option-invalid' }));
  }
});

describe('a price', () => {
  test('comes from the flag, then the file, then the table; from nowhere it is absent, not zero', () => {
    const environment = priceFile(
      '["a"]\ninput = 1\noutput = 2\n["b"]\ninput = 3\ncached_input = 0.5\noutput = 4\nas_of = "2026-11-01"\n',
    );
    const { price } = parsed('--price', 'a=7,0.7,9', '--price', 'x/y=z=1,2');
    const prices = pricesFor(['a', 'b', 'gpt-5-mini-2025-08-07', 'x/y=z', 'nobody'], price, environment);
    expect(prices.a).toMatchObject({ input: 7, cachedInput: 0.7, output: 9 });
    expect(prices.b).toMatchObject({ input: 3, cachedInput: 0.5, output: 4, asOf: '2026-11-01' });
    expect(prices['gpt-5-mini-2025-08-07']).toEqual(PRICES['gpt-5-mini']);
    expect(prices['x/y=z']).toMatchObject({ input: 1, output: 2 });
    expect(prices['x/y=z']).not.toHaveProperty('cachedInput');
    expect(Object.keys(prices)).not.toContain('nobody');
  });

  test.each(['', 'a', 'a=', 'a=1', 'a=1,2,3,4', 'a=1,x', '=1,2', 'a=-1,2', 'a=,2'])('%j is refused', (text) => {
    expect(() => pricesFor(['a'], [text], {})).toThrow(expect.objectContaining({ code: 'option-invalid' }));
  });

  test.each(['input = 1', '["a"]\ninput = "much"\noutput = 1\n', '["a"]\ninput = -1\noutput = 1\n', '[['])(
    'a file that says %j holds none',
    (text) => {
      expect(() => pricesFor(['a'], [], priceFile(text))).toThrow(expect.objectContaining({ code: 'price-invalid' }));
    },
  );
});

test('a cap in money is refused where the price is not known, with what to do', () => {
  expect(() => checkPriced({ usd: 1 }, ['gpt-5', 'mine'], pricesFor(['gpt-5', 'mine'], [], {}))).toThrow(
    expect.objectContaining({ code: 'price-unknown', next: expect.stringContaining('--price mine=') }),
  );
  expect(() => checkPriced({ tokens: 1 }, ['mine'], {})).not.toThrow();
  expect(() => checkPriced({ usd: 1 }, ['gpt-5'], pricesFor(['gpt-5'], [], {}))).not.toThrow();
});
