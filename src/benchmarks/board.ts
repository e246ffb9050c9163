/** What a leaderboard says: who was on it, which way is better, and what a medal takes. Read and computed by the Python side. */
import { z } from 'zod';

export const Board = z.object({
  teams: z.number().int().positive(),
  /** Derived as the benchmark does: the first row is smaller than the last. */
  isLowerBetter: z.boolean(),
  gold: z.number(),
  silver: z.number(),
  bronze: z.number(),
  median: z.number(),
  /** Scores that no submission had (999999 and the like), or an order that is none: thresholds are then not to be trusted. */
  warnings: z.array(z.string()),
});
export type Board = z.infer<typeof Board>;
