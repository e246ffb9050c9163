/** What a run remembers for one proposal: repaired failures, attempts like the one to be made, the way of the branch, lessons of earlier runs. */

import type { BlobId, NodeId } from '../../../domain/ids.js';
import type { Lesson } from '../../../domain/lesson.js';
import type { Operator } from '../../../domain/operator.js';
import type { NodeRecord } from '../../../store/nodes.js';

/** All that an author may look up of the run beside its request; made by `activities/propose.ts`. */
export interface RunHistory {
  /** Every proposed program of the run, as stored. */
  readonly nodes: readonly NodeRecord[];
  /** Recalled for this task by its traits; best first. */
  readonly lessons: readonly Lesson[];
  readonly readText: (ref: BlobId) => Promise<string>;
}

/** A failure that a debug step repaired. */
export interface PastFix {
  /** `KeyError: '…'`: what both failures have in common. */
  readonly signature: string;
  readonly failed: NodeId;
  readonly fixed: NodeId;
  readonly message: string;
  readonly changes: readonly string[];
  readonly before: BlobId;
  readonly after: BlobId;
  /** Unified, without file names; absent until it was read, and when it is long. */
  readonly diff?: string;
}

/** One earlier attempt, in a line. */
export interface Attempt {
  readonly nodeId: NodeId;
  readonly operator: Operator;
  readonly summary: string;
  readonly changes: readonly string[];
  /** `better`, `worse` and `even` against the parent, by the paired difference and one standard error. */
  readonly result: 'better' | 'even' | 'worse' | 'valid' | 'failed' | 'running';
  /** Against the parent: positive is better. */
  readonly gain?: number;
  readonly score?: number;
  /** Of a failure. */
  readonly message?: string;
}

/** A branch told from recorded facts. */
export interface BranchDigest {
  readonly head: NodeId;
  readonly nodes: number;
  readonly failed: number;
  readonly best?: { readonly nodeId: NodeId; readonly score: number };
  /** Nodes that ended since the branch's best, valid ones and all. */
  readonly since: { readonly valid: number; readonly all: number };
  /** More of the same has stopped paying: a bigger change is asked for. */
  readonly stalled: boolean;
  /** Changes that paid and changes that did not, largest effect first. */
  readonly paid: readonly Attempt[];
  readonly lost: readonly Attempt[];
  /** Kinds of failure with how often they happened. */
  readonly failures: readonly { readonly signature: string; readonly times: number }[];
}

export interface Memory {
  readonly fixes: readonly PastFix[];
  /** Earlier attempts like the one that is asked for, by the words of their plans: successes and failures. */
  readonly similar: readonly Attempt[];
  /** From the branch's head to the parent, oldest first; empty without a parent. */
  readonly path: readonly Attempt[];
  /** Absent without a parent. */
  readonly branch?: BranchDigest;
  readonly lessons: readonly Lesson[];
}

export const NO_MEMORY: Memory = { fixes: [], similar: [], path: [], lessons: [] };
