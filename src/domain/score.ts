/** A number, how sure it is, and who measured it. */
import { z } from 'zod';
import { NodeId } from './ids.js';
import { Direction } from './metric.js';

/**
 * `hidden`: labelled rows the candidate could not read; `folds`: out-of-fold rows scored by the evaluator;
 * `hidden-unprotected`: hidden rows, but no sandbox kept the candidate from reading the answers; `script`: the program's own claim.
 */
export const ScoreSource = z.enum(['hidden', 'folds', 'hidden-unprotected', 'script']);
export type ScoreSource = z.infer<typeof ScoreSource>;

export const Score = z.object({
  value: z.number(),
  /** One standard error of `value` in the metric's unit; for display, never for decisions. 0 for `script`: nobody knows it. */
  standardError: z.number().nonnegative(),
  rows: z.number().int().positive(),
  direction: Direction,
  source: ScoreSource,
});
export type Score = z.infer<typeof Score>;

/** `delta` > 0 means better than the other one, in the metric's unit, whatever the direction. */
export const Paired = z.object({
  against: NodeId,
  delta: z.number(),
  pairedSE: z.number().nonnegative(),
  rows: z.number().int().nonnegative(),
});
export type Paired = z.infer<typeof Paired>;

/** Paired differences on common rows against the nodes that were these when the node was scored. Absent: there was none. */
export const Versus = z.object({ parent: Paired.optional(), branchBest: Paired.optional(), best: Paired.optional() });
export type Versus = z.infer<typeof Versus>;

/** Gain (in the loss that blends are judged by) of the best two-member blend over the better member. */
export const Complement = z.object({ with: NodeId, gain: z.number(), standardError: z.number().nonnegative() });
export type Complement = z.infer<typeof Complement>;

export const Cost = z.object({
  seconds: z.number(),
  gpuSeconds: z.number(),
  /** Money paid for model calls, US dollars; null: the price of at least one of them is not known. */
  usd: z.number().nullable(),
  tokens: z.number(),
  executions: z.number(),
});
export type Cost = z.infer<typeof Cost>;
