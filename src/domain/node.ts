/** A node of the search graph: a program that was executed. */
import { z } from 'zod';
import { NodeId } from './ids.js';
import { ImproveVariant, Operator } from './operator.js';
import { FailureClass } from './outcome.js';
import { Complement, Cost, Score, Versus } from './score.js';

export const ParentId = z.union([NodeId, z.literal('root')]);
export type ParentId = z.infer<typeof ParentId>;

/** A branch is named after the child of the root that opened it. */
export const BranchId = NodeId;
export type BranchId = NodeId;

export const SearchNode = z.object({
  id: NodeId,
  /** Order of finishing, from 0. */
  ordinal: z.number().int().nonnegative(),
  parent: ParentId,
  branch: BranchId,
  operator: Operator,
  variant: ImproveVariant.optional(),
  /** Edges from the root; a draft has depth 1. */
  depth: z.number().int().positive(),
  /** Number of consecutive `debug` steps that led here. */
  debugDepth: z.number().int().nonnegative(),
  status: z.enum(['valid', 'failed']),
  failure: FailureClass.optional(),
  milestones: z.number().int().min(0).max(7).optional(),
  score: Score.optional(),
  versus: Versus.optional(),
  /** Model family, for example `lightgbm` or `linear`; what diversity is counted in. */
  family: z.string(),
  /** SHA-256 of the normalised program. */
  fingerprint: z.string(),
  complement: z.array(Complement).optional(),
  cost: Cost,
});
export type SearchNode = z.infer<typeof SearchNode>;

export const ReferenceKind = z.enum(['trajectory', 'cross-branch', 'aggregate', 'merge']);
export type ReferenceKind = z.infer<typeof ReferenceKind>;

/** An edge of E_ref: `from` informed `to`. It carries no reward. */
export const Reference = z.object({ from: NodeId, to: NodeId, kind: ReferenceKind });
export type Reference = z.infer<typeof Reference>;
