/**
 * What models cost, as far as it could be verified: a model is listed only when two independent records of its maker's price list agree.
 * Prices change; `AUTOMLGEN_PRICES` and `--price` say it better, and a model that is neither here nor there has no known price.
 */
import type { TokenCounts } from '../../domain/model-meter.js';
import type { ModelPrice, ModelPrices } from '../../domain/model-price.js';

const AS_OF = '2026-11-21';
const SOURCE = "public records of OpenAI's price list, standard tier";

const openai = (input: number, cachedInput: number, output: number): ModelPrice => ({
  input,
  cachedInput,
  output,
  asOf: AS_OF,
  source: SOURCE,
});

/** US dollars per million tokens: input, cached input, output. */
export const PRICES: ModelPrices = {
  'gpt-5.2': openai(1.75, 0.175, 14),
  'gpt-5.1': openai(1.25, 0.125, 10),
  'gpt-5': openai(1.25, 0.125, 10),
  'gpt-5-mini': openai(0.25, 0.025, 2),
  'gpt-5-nano': openai(0.05, 0.005, 0.4),
  'gpt-4.1': openai(2, 0.5, 8),
  'gpt-4.1-mini': openai(0.4, 0.1, 1.6),
  'gpt-4.1-nano': openai(0.1, 0.025, 0.4),
  'gpt-4o': openai(2.5, 1.25, 10),
  'gpt-4o-mini': openai(0.15, 0.075, 0.6),
};

/** A dated release of a model costs what the model costs: `gpt-5-mini-2025-08-07`. Null: nobody knows. */
export function priceOf(model: string, own: ModelPrices = {}): ModelPrice | null {
  const family = model.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  const named = (prices: ModelPrices, name: string) => (Object.hasOwn(prices, name) ? prices[name] : undefined);
  return named(own, model) ?? named(own, family) ?? named(PRICES, family) ?? null;
}

/** Billionths of a US dollar, rounded up. Cached input has its own price, reasoning that of the output it is part of. */
export function nanoUsdOf({ input, cachedInput, output }: TokenCounts, price: ModelPrice | null): number | null {
  if (price === null) return null;
  const cached = Math.min(input, cachedInput);
  const nanoPerToken = (usdPerMillion: number): number => usdPerMillion * 1000;
  const sum =
    (input - cached) * nanoPerToken(price.input) +
    cached * nanoPerToken(price.cachedInput ?? price.input) +
    output * nanoPerToken(price.output);
  return Math.ceil(sum - 1e-6);
}
