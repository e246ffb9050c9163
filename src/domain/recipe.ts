/** How the members' answers became the submission: enough to make the same file again from the members' own files. */
import { z } from 'zod';

/**
 * The space in which answers are averaged. `probabilities`: rows that sum to 1 (or 0 to 1 per target); `votes`: labels as certain
 * probabilities; `ranks`: `(rank - 0.5) / rows` of each column; `row-scales`: each row stretched to 0 … 1; `logarithms`: of 1 + x;
 * `directions`: unit vectors of latitude and longitude; `values`: numbers as they are; `none`: nothing is averaged.
 */
export const Averaging = z.enum([
  'none',
  'values',
  'probabilities',
  'votes',
  'ranks',
  'row-scales',
  'logarithms',
  'directions',
]);
export type Averaging = z.infer<typeof Averaging>;

/** From class probabilities to labels. Positions are those of `TaskCard.classes`, or of `targets` where there are several. */
export const DecisionRule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('most-probable') }),
  /** The class whose probability, divided by its divisor, is largest. */
  z.object({ kind: z.literal('scaled'), divisors: z.array(z.number()) }),
  /** The positive class from a threshold on, below it the most probable of the others. */
  z.object({ kind: z.literal('threshold'), positive: z.number().int(), threshold: z.number() }),
  /** Several targets: each is 1 from its own threshold on. */
  z.object({ kind: z.literal('thresholds'), thresholds: z.array(z.number()) }),
  /** The expected level, cut into classes; `order` lists the classes by level. */
  z.object({
    kind: z.literal('cuts'),
    cuts: z.array(z.number()),
    order: z.array(z.number().int()),
    levels: z.array(z.number()),
  }),
]);
export type DecisionRule = z.infer<typeof DecisionRule>;

export const Recipe = z.object({
  averaging: Averaging,
  /** Models behind each member's test predictions: the folds in K-fold mode, else 1. */
  modelsPerMember: z.number().int().positive(),
  /** Least and largest value per target that answers are kept to. */
  clip: z.array(z.tuple([z.number(), z.number()])).optional(),
  /** Present where probabilities were turned into labels. */
  rule: DecisionRule.optional(),
});
export type Recipe = z.infer<typeof Recipe>;
