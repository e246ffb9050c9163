/** What happens to a search, one event at a time: the state is the fold of these. */
import { z } from 'zod';
import { AddedProgram } from './added-program.js';
import { NodeId } from './ids.js';
import { BranchId, ParentId, Reference } from './node.js';
import { ImproveVariant, Operator } from './operator.js';
import { FailureClass } from './outcome.js';
import { Complement, Cost, Score, Versus } from './score.js';

/** The numbers behind one choice, kept so that every selection can be explained. */
export const SelectionTrace = z.object({
  policy: z.string(),
  /** One sentence: `expanded n7: its own arm was the largest`. */
  reason: z.string(),
  /** From the root to the chosen parent. `arm` is what was compared: the value plus the exploration term. */
  path: z.array(
    z.object({
      at: ParentId,
      chosen: z.string(),
      arms: z.array(
        z.object({
          arm: z.string(),
          value: z.number(),
          exploration: z.number(),
          visits: z.number(),
          inFlight: z.number(),
        }),
      ),
    }),
  ),
  draws: z.record(z.string(), z.number()),
});
export type SelectionTrace = z.infer<typeof SelectionTrace>;

const at = { atMs: z.number() };
const onNode = { ...at, nodeId: NodeId };

export const SearchEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('prepared'), ...at, baseline: Score.optional() }),
  z.object({
    kind: z.literal('reserved'),
    ...onNode,
    parent: ParentId,
    branch: BranchId,
    operator: Operator,
    variant: ImproveVariant.optional(),
    references: z.array(Reference),
    seed: z.number().int().nonnegative(),
    committed: Cost,
    why: SelectionTrace,
    /** Written by a person, not by the author. */
    added: AddedProgram.optional(),
  }),
  z.object({
    kind: z.literal('proposed'),
    ...onNode,
    programRef: z.string(),
    planRef: z.string(),
    fingerprint: z.string(),
    family: z.string(),
    cost: Cost,
  }),
  /** No node comes of it: a duplicate, an empty move, a program that does not parse. */
  z.object({ kind: z.literal('proposal-rejected'), ...onNode, reason: z.string(), cost: Cost }),
  z.object({ kind: z.literal('started'), ...onNode, try: z.number().int().positive() }),
  z.object({ kind: z.literal('executed'), ...onNode, cost: Cost }),
  z.object({
    kind: z.literal('finished'),
    ...onNode,
    score: Score,
    versus: Versus,
    complement: z.array(Complement).optional(),
    cost: Cost,
  }),
  z.object({
    kind: z.literal('failed'),
    ...onNode,
    failure: FailureClass,
    milestones: z.number().int().min(0).max(7),
    cost: Cost,
  }),
  /** Infrastructure trouble: the program goes back to `ready` and the node is not charged. */
  z.object({ kind: z.literal('released'), ...onNode, cause: z.string(), cost: Cost }),
  z.object({ kind: z.literal('cancelled'), ...onNode, why: z.string(), cost: Cost }),
  z.object({ kind: z.literal('paused'), ...at, blocked: z.string().optional() }),
  z.object({ kind: z.literal('resumed'), ...at }),
  z.object({ kind: z.literal('hinted'), ...at, text: z.string() }),
  z.object({ kind: z.literal('pruned'), ...onNode }),
  z.object({ kind: z.literal('pinned'), ...onNode }),
  z.object({
    kind: z.literal('budget-changed'),
    ...at,
    budgetMs: z.number().positive().optional(),
    executions: z.number().int().positive().optional(),
  }),
  z.object({ kind: z.literal('slots-changed'), ...at, slots: z.number().int().positive() }),
  /** A cap on model calls is reached: nothing more is proposed. */
  z.object({ kind: z.literal('capped'), ...at, cap: z.enum(['usd', 'tokens', 'calls']), message: z.string() }),
  z.object({ kind: z.literal('finish-asked'), ...at }),
  z.object({ kind: z.literal('ticked'), ...at }),
]);
export type SearchEvent = z.infer<typeof SearchEvent>;
