/** What an author returns: a whole program, and how it came about. */
import { z } from 'zod';
import { Cost } from './score.js';

export const Proposal = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('program'),
    /** Complete Python source. */
    program: z.string(),
    /** The author's own structured plan, kept as JSON; given back as parent and reference. */
    plan: z.unknown(),
    /** One line for people: `LightGBM, 6 leaves; log target; seeds 1–3`. */
    summary: z.string(),
    /** What changed against the parent, one line each; empty for a draft. */
    changes: z.array(z.string()),
    family: z.string(),
    /** Ids of the knowledge entries that shaped it. */
    knowledge: z.array(z.string()),
    cost: Cost,
  }),
  /** Nothing (new) to offer for this request. */
  z.object({
    kind: z.literal('none'),
    reason: z.enum(['duplicate', 'exhausted', 'not-applicable', 'invalid']),
    message: z.string(),
    cost: Cost,
  }),
]);
export type Proposal = z.infer<typeof Proposal>;
