/** The whole state of a search, as plain data. Design: it is a fold of events, so nothing in it is kept that events do not say. */
import type { AddedProgram } from '../domain/added-program.js';
import type { NodeId } from '../domain/ids.js';
import type { Direction } from '../domain/metric.js';
import type { CapName } from '../domain/model-meter.js';
import type { BranchId, ParentId, Reference, SearchNode } from '../domain/node.js';
import type { ImproveVariant, Operator } from '../domain/operator.js';
import type { Caps } from '../domain/run-config.js';
import type { SelectionTrace } from '../domain/run-event.js';
import type { Cost, Score } from '../domain/score.js';
import type { SearchConfig } from '../domain/search-config.js';

/** Grows by one whenever a decision changes; golden histories belong to one number. */
export const SEARCH_ALGORITHM = 1;

export type StreamName = 'select' | 'operator' | 'reference' | 'noise' | 'author';
/** A random stream: its key and how many decisions it has served, see `random.ts`. */
export type RandomState = readonly number[];

export interface Reservation {
  readonly nodeId: NodeId;
  readonly parent: ParentId;
  readonly operator: Operator;
  readonly variant?: ImproveVariant;
  readonly references: readonly Reference[];
  readonly branch: BranchId;
  /** `ready`: proposed, waiting for a slot. `executing` holds a slot, `evaluating` does not. */
  readonly phase: 'proposing' | 'ready' | 'executing' | 'evaluating';
  /** Executions started for this program, so the next one is number `try + 1`; more than one after infrastructure failed. */
  readonly try: number;
  readonly seed: number;
  readonly programRef?: string;
  readonly planRef?: string;
  readonly fingerprint?: string;
  readonly family?: string;
  readonly sinceMs: number;
  /** Worst case of what it may still cost. */
  readonly committed: Cost;
  /** What it has cost so far. */
  readonly spent: Cost;
  readonly why: SelectionTrace;
  /** Written by a person: nothing is asked of the author. */
  readonly added?: AddedProgram;
}

export interface Clock {
  readonly nowMs: number;
  readonly startedMs: number;
  /** Closed pauses, milliseconds. */
  readonly pausedMs: number;
  /** Start of the open pause. */
  readonly pausedSinceMs?: number;
}

export interface Steering {
  readonly pruned: readonly NodeId[];
  readonly pinned: readonly NodeId[];
  readonly hints: readonly string[];
  readonly slots: number;
  readonly paused: boolean;
  readonly blocked?: string;
  readonly finishAsked: boolean;
}

/** How long the last proposals and the last programs took, milliseconds. */
export interface Pace {
  readonly proposals: readonly number[];
  readonly programs: readonly number[];
}

export interface SearchState {
  readonly schemaVersion: 1;
  readonly algorithm: number;
  readonly config: SearchConfig;
  readonly direction: Direction;
  readonly nodes: Readonly<Record<NodeId, SearchNode>>;
  readonly references: readonly Reference[];
  readonly reservations: readonly Reservation[];
  readonly streams: Readonly<Record<StreamName, RandomState>>;
  /** Number of the next node id. */
  readonly nextNode: number;
  readonly clock: Clock;
  readonly baseline?: Score;
  readonly spent: Cost;
  /** With `proposalsAhead: 'auto'` only. */
  readonly pace?: Pace;
  /** Rejected proposals by parent and move, see `closed.ts`. */
  readonly rejections: Readonly<Record<string, number>>;
  readonly rejected: number;
  /** Infrastructure releases in a row, for `blocked`. */
  readonly releasesInRow: number;
  readonly steering: Steering;
  /** What model calls may cost; absent where nothing limits them. */
  readonly caps?: Caps;
  /** Set once a call was not made because of a cap. */
  readonly capped?: { readonly cap: CapName; readonly message: string };
}

export type Decision =
  | {
      readonly kind: 'expand';
      readonly nodeId: NodeId;
      readonly parent: ParentId;
      readonly branch: BranchId;
      readonly operator: Operator;
      readonly variant?: ImproveVariant;
      readonly references: readonly Reference[];
      readonly seed: number;
      readonly committed: Cost;
      readonly why: SelectionTrace;
    }
  | { readonly kind: 'dispatch'; readonly nodeId: NodeId; readonly runSeconds: number }
  | { readonly kind: 'discard'; readonly nodeId: NodeId; readonly why: string }
  | { readonly kind: 'cancel'; readonly nodeId: NodeId; readonly why: string }
  /** `deadlineMs` is a time on the clock of `clock.nowMs`, always in the future. */
  | { readonly kind: 'wait'; readonly until: 'any-finished' | 'resumed' | 'unblocked'; readonly deadlineMs: number }
  /** `message` says which cap, where it was not the time that was spent. */
  | {
      readonly kind: 'finish';
      readonly reason: 'budget' | 'executions' | 'exhausted' | 'asked';
      readonly message?: string;
    };
