/** What trusted code says about the predictions of one program. */
import { z } from 'zod';
import { NodeId } from './ids.js';
import { FailureClass } from './outcome.js';
import { Averaging, Recipe } from './recipe.js';
import { Complement, Score, Versus } from './score.js';

export const Evaluation = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('valid'),
    score: Score,
    versus: Versus,
    complement: z.array(Complement),
    /** A win that vanishes without the worst 1 % of the rows. */
    fragile: z.boolean(),
    /** K-fold race: views that this program has earned and that are still to be run. Empty: the score is final. */
    next: z.array(z.string()),
    /** True when every view that the mode asks of a finalist has been scored. */
    complete: z.boolean(),
    /** Far beyond its siblings: not a fault, but a reason to look for a leak. `siblings`: scores of the best others. */
    audit: z
      .object({
        reason: z.string(),
        value: z.number(),
        siblings: z.array(z.number()),
        /** `suspicious`: `evidence` says what gives the target away. A verdict that was not reached in time is `cleared`, and says so. */
        verdict: z.enum(['cleared', 'suspicious']),
        evidence: z.array(z.string()),
        finished: z.boolean(),
      })
      .optional(),
  }),
  /** A submission that does not count, with a sentence that a person and the debug operator can act on. */
  z.object({ kind: z.literal('invalid'), failure: FailureClass, code: z.string(), message: z.string() }),
]);
export type Evaluation = z.infer<typeof Evaluation>;

export const Member = z.object({ nodeId: NodeId, weight: z.number().positive() });
export type Member = z.infer<typeof Member>;

/** One row of the choice table. */
export const Candidate = z.object({
  kind: z.enum(['single', 'mean-of-ties', 'blend']),
  members: z.array(Member),
  /** On all rows with a hidden score. */
  pooled: Score,
  /** Better than the best single by, on the same rows; positive is better. */
  overSingle: z.number(),
  overSinglePairedSE: z.number(),
});
export type Candidate = z.infer<typeof Candidate>;

/** Whether a member's run on all labels replaced the predictions it was searched with, and why or why not. */
export const MemberRefit = z.object({
  nodeId: NodeId,
  used: z.boolean(),
  agreement: z.number().optional(),
  reason: z.string(),
});
export type MemberRefit = z.infer<typeof MemberRefit>;

export const FinalChoice = z.object({
  chosen: Candidate,
  candidates: z.array(Candidate),
  /** The rule that decided, in a sentence. */
  rule: z.string(),
  /** The published estimate: final rows in hold-out mode, weights cross-fitted over the folds in K-fold mode. */
  estimate: Score,
  /** Search score of the best single minus its value on rows that did not choose it, signed so that positive is too good. */
  optimism: z.number(),
  shortlist: z.array(NodeId),
  /** How the members of the chosen candidate are averaged; `none` for a single. */
  averaging: Averaging.optional(),
  /** The second best program alone, and how far behind the best single it is on the same rows. */
  runnerUp: z
    .object({ nodeId: NodeId, pooled: Score, behind: z.number(), behindPairedSE: z.number().nonnegative() })
    .optional(),
  /** Known once the submission is written. */
  refits: z.array(MemberRefit).optional(),
  recipe: Recipe.optional(),
});
export type FinalChoice = z.infer<typeof FinalChoice>;

export const Medal = z.enum(['gold', 'silver', 'bronze', 'none']);
export type Medal = z.infer<typeof Medal>;

/** Result on the private answers of a practice competition. */
export const Grade = z.object({
  score: Score,
  baseline: Score,
  /** Reference program of the competition, when it has one: `delta` > 0 means better than the reference. */
  reference: z.object({ score: Score, delta: z.number(), pairedSE: z.number() }).optional(),
  medal: Medal,
  rank: z.number().int().positive(),
  entries: z.number().int().positive(),
  /** Scores that take a medal, and the board's median; absent without a board. */
  thresholds: z.object({ gold: z.number(), silver: z.number(), bronze: z.number(), median: z.number() }).optional(),
  /** Set when the sources differ from those the leaderboard was recorded with: no medal is given then. */
  variant: z.boolean(),
});
export type Grade = z.infer<typeof Grade>;
