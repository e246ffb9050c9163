/** What a policy answers: where to expand, with which operator, knowing which other nodes, and why. */
import type { NodeId } from '../domain/ids.js';
import type { BranchId, ParentId, ReferenceKind } from '../domain/node.js';
import type { ImproveVariant, Operator } from '../domain/operator.js';
import type { Step } from './select.js';

export interface Source {
  readonly from: NodeId;
  readonly kind: ReferenceKind;
}

export interface Move {
  readonly parent: ParentId;
  /** Absent: the node opens a branch of its own. */
  readonly branch?: BranchId;
  readonly operator: Operator;
  readonly variant?: ImproveVariant;
  readonly references: readonly Source[];
  /** One sentence for people. */
  readonly reason: string;
  readonly path: readonly Step[];
  /** Random numbers and estimates that took part, by name. */
  readonly draws: Readonly<Record<string, number>>;
}

export function draftMove(reason: string): Move {
  return { parent: 'root', operator: 'draft', references: [], reason, path: [], draws: {} };
}
