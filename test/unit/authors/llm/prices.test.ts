/** What calls cost, and the most that they can cost before they are made. */
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { nanoUsdOf, PRICES, priceOf } from '../../../../src/authors/llm/prices.js';
import { loadTokenCounter } from '../../../../src/authors/llm/views/tokens.js';
import { countedHere, worstTokens } from '../../../../src/authors/llm/worst-case.js';
import { ModelPrice } from '../../../../src/domain/model-price.js';

describe('the table', () => {
  test('holds whole prices with date and source, cached input never dearer than other input', () => {
    for (const [model, price] of Object.entries(PRICES)) {
      expect(ModelPrice.parse(price)).toEqual(price);
      const { input, cachedInput = input, output, asOf, source } = price;
      expect({ model, ordered: cachedInput <= input && input < output, dated: asOf !== undefined }).toEqual({
        model,
        ordered: true,
        dated: true,
      });
      expect(source).toContain('price list');
    }
  });

  test('knows dated releases and no others', () => {
    expect(priceOf('gpt-4o-mini-2024-07-18')).toBe(PRICES['gpt-4o-mini']);
    for (const name of ['gpt-4o-mini-tuned', 'gpt-4', 'stub-model', 'constructor', ''])
      expect(priceOf(name)).toBeNull();
    expect(priceOf('gpt-4o-mini', { 'gpt-4o-mini': { input: 9, output: 9 } })).toEqual({ input: 9, output: 9 });
  });
});

describe('a call', () => {
  const price: ModelPrice = { input: 2, cachedInput: 0.5, output: 8 };

  test('costs its fresh input, its cached input and its output, reasoning included', () => {
    expect(nanoUsdOf({ input: 1000, cachedInput: 600, output: 100, reasoning: 90 }, price)).toBe(
      400 * 2000 + 600 * 500 + 100 * 8000,
    );
    expect(nanoUsdOf({ input: 1000, cachedInput: 600, output: 0, reasoning: 0 }, { input: 2, output: 8 })).toBe(
      2_000_000,
    );
  });

  test('is not known without a price, and never rounded down', () => {
    expect(nanoUsdOf({ input: 1, cachedInput: 0, output: 1, reasoning: 0 }, null)).toBeNull();
    expect(nanoUsdOf({ input: 1, cachedInput: 0, output: 0, reasoning: 0 }, { input: 0.0001, output: 0 })).toBe(1);
    expect(nanoUsdOf({ input: 3, cachedInput: 0, output: 0, reasoning: 0 }, { input: 0.1, output: 0 })).toBe(300);
  });

  test('that reports more cached input than input is charged for what it had', () => {
    expect(nanoUsdOf({ input: 10, cachedInput: 20, output: 0, reasoning: 0 }, price)).toBe(10 * 500);
  });
});

describe('the worst case', () => {
  const request = {
    model: 'm',
    messages: [
      { role: 'system' as const, content: 'You write programs.' },
      { role: 'user' as const, content: 'def f(x):\n    return x + 1\n'.repeat(200) },
    ],
    maxOutputTokens: 500,
  };

  test('lies above what any of the usual ways of counting finds, and grows with the schema', async () => {
    const count = await loadTokenCounter();
    const { input, output } = worstTokens(request, count);
    const text = request.messages.map(({ role, content }) => `${role}: ${content}`).join('\n');
    expect(input).toBeGreaterThan(count(text));
    expect(input).toBeGreaterThan(Math.ceil(text.length / 4));
    expect(input).toBeLessThan(2 * Math.max(count(text), text.length / 4));
    expect(output).toBe(500);
    const shaped = worstTokens({ ...request, shape: { name: 'x', schema: z.object({ program: z.string() }) } }, count);
    expect(shaped.input).toBeGreaterThan(input + 20);
  });

  test('of an answered call that nobody counted is our own count', async () => {
    const count = await loadTokenCounter();
    expect(countedHere(request, 'one two three', count)).toEqual({
      input: request.messages.reduce((sum, { content }) => sum + count(content), 0),
      cachedInput: 0,
      output: 3,
      reasoning: 0,
    });
  });
});
