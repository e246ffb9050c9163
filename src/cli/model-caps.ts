/** What model calls may cost: the options, the prices behind them, and the refusal of a cap in money that could not be kept. */
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { parse as parseToml } from 'smol-toml';
import { z } from 'zod';
import { priceOf } from '../authors/llm/prices.js';
import { UserError } from '../domain/errors.js';
import { ModelPrice, type ModelPrices } from '../domain/model-price.js';
import type { Caps } from '../domain/run-config.js';

export interface RawCaps {
  readonly maxUsd?: string;
  readonly maxTokens?: string;
  readonly maxCalls?: string;
  readonly price?: readonly string[];
}

export function addCapOptions(command: Command): Command {
  return command
    .option('--max-usd <dollars>', 'stop asking the model before its calls have cost more')
    .option('--max-tokens <n>', 'the same in tokens, in and out')
    .option('--max-calls <n>', 'the same in calls')
    .addOption(
      new Option(
        '--price <model=in,cached,out>',
        'US dollars per million tokens; may be repeated. Or a TOML file in AUTOMLGEN_PRICES',
      ).argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]),
    );
}

/** @throws UserError `option-invalid`. */
export function capsOf({ maxUsd, maxTokens, maxCalls }: RawCaps): Caps {
  return {
    ...(maxUsd !== undefined && { usd: amount(maxUsd, '--max-usd') }),
    ...(maxTokens !== undefined && { tokens: Math.floor(amount(maxTokens, '--max-tokens')) }),
    ...(maxCalls !== undefined && { calls: Math.floor(amount(maxCalls, '--max-calls')) }),
  };
}

/**
 * The prices of a run's models, fixed when it starts: `--price` before AUTOMLGEN_PRICES before the table. A model without one is left out.
 * @throws UserError `option-invalid`, `price-invalid`.
 */
export function pricesFor(
  models: readonly string[],
  flags: readonly string[] = [],
  environment = process.env,
): ModelPrices {
  const own = { ...fromFile(environment.AUTOMLGEN_PRICES), ...Object.fromEntries(flags.map(fromFlag)) };
  return Object.fromEntries(
    models.flatMap((model) => {
      const price = priceOf(model, own);
      return price === null ? [] : [[model, price] as const];
    }),
  );
}

/** @throws UserError `price-unknown` for a cap in money on a model whose price nobody knows. */
export function checkPriced({ usd }: Caps, models: readonly string[], prices: ModelPrices): void {
  const unpriced = models.find((model) => prices[model] === undefined);
  if (usd === undefined || unpriced === undefined) return;
  throw new UserError(
    'price-unknown',
    `A cap of ${usd} US dollars cannot be kept: the price of ${unpriced} is not known.`,
    `Say it with --price ${unpriced}=<in>,<out> (US dollars per million tokens), or cap tokens with --max-tokens.`,
  );
}

/** `gpt-5-mini=0.25,0.025,2`, or without the price of cached input `gpt-5-mini=0.25,2`. */
function fromFlag(text: string): readonly [string, ModelPrice] {
  const at = text.lastIndexOf('=');
  const numbers = text
    .slice(at + 1)
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [input, cachedInput, output] = numbers.length === 2 ? [numbers[0], undefined, numbers[1]] : numbers;
  const price = ModelPrice.safeParse({
    input,
    ...(cachedInput !== undefined && { cachedInput }),
    output,
    source: '--price',
  });
  if (at > 0 && (numbers.length === 2 || numbers.length === 3) && price.success) return [text.slice(0, at), price.data];
  throw new UserError(
    'option-invalid',
    `--price ${text} is not a price.`,
    'Write model=in,cached,out in US dollars per million tokens, for example --price my-model=0.5,0.05,2.',
  );
}

const PriceFile = z.record(
  z.string(),
  z.object({
    input: z.number(),
    cached_input: z.number().optional(),
    output: z.number(),
    as_of: z.string().optional(),
  }),
);

/** Tables by model: `["my-model"]`, `input = 0.5`, `cached_input = 0.05`, `output = 2`, `as_of = "2026-11-01"`. */
function fromFile(path: string | undefined): ModelPrices {
  if (path === undefined || path.trim() === '') return {};
  try {
    const file = PriceFile.parse(parseToml(readFileSync(path, 'utf8')));
    return Object.fromEntries(
      Object.entries(file).map(([model, { input, cached_input, output, as_of }]) => {
        const cached = cached_input !== undefined && { cachedInput: cached_input };
        const price = { input, ...cached, output, ...(as_of !== undefined && { asOf: as_of }), source: path };
        return [model, ModelPrice.parse(price)];
      }),
    );
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new UserError(
      'price-invalid',
      `AUTOMLGEN_PRICES names ${path}, which holds no prices: ${why}`,
      'Write one table for each model: ["name"], input = 0.5, output = 2 (docs/models.md).',
      { cause },
    );
  }
}

function amount(text: string, option: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new UserError('option-invalid', `${option} ${text} is no amount.`, `Give a number, for example ${option} 2.`);
}
