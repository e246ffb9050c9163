/** What a model costs. A price that nobody knows is absent or null, never 0. */
import { z } from 'zod';

const perMillion = z.number().nonnegative();

export const ModelPrice = z.object({
  /** US dollars per million tokens, as are all three. */
  input: perMillion,
  /** Input that the server found in its cache; absent: as other input. */
  cachedInput: perMillion.optional(),
  /** Reasoning is part of the output. */
  output: perMillion,
  /** Day on which it was looked up. */
  asOf: z.iso.date().optional(),
  /** Where. */
  source: z.string().optional(),
});
export type ModelPrice = z.infer<typeof ModelPrice>;

/** By the model's name, as its server knows it. */
export const ModelPrices = z.record(z.string(), ModelPrice);
export type ModelPrices = z.infer<typeof ModelPrices>;
