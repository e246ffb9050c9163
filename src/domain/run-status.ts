/** What a running or ended search tells about itself: answers of the workflow's queries. Plain JSON, types only. */
import type { Grade } from './evaluation.js';
import type { NodeId } from './ids.js';
import type { ModelMeter } from './model-meter.js';
import type { Reference, SearchNode } from './node.js';
import type { ImproveVariant, Operator } from './operator.js';
import type { FailureClass } from './outcome.js';
import type { Caps } from './run-config.js';
import type { SelectionTrace } from './run-event.js';
import type { Cost, Score } from './score.js';

export type RunPhase =
  | 'preparing'
  | 'searching'
  | 'paused'
  | 'blocked'
  | 'finalising'
  | 'done'
  | 'cancelled'
  | 'failed';

export interface InFlight {
  readonly nodeId: NodeId;
  readonly operator: Operator;
  readonly parent: NodeId | 'root';
  readonly phase: 'proposing' | 'ready' | 'executing' | 'evaluating';
  readonly sinceMs: number;
}

export interface RunStatus {
  readonly runId: string;
  readonly title: string;
  readonly phase: RunPhase;
  /** Set when phase is `blocked`: the infrastructure cause. */
  readonly blocked?: string;
  readonly policy: string;
  readonly seed: number;
  readonly mode?: 'holdout' | 'folds' | 'script';
  readonly slots: number;
  /** Workflow time of this answer; elapsed excludes pauses. */
  readonly nowMs: number;
  readonly startedMs: number;
  readonly elapsedMs: number;
  readonly budgetMs: number;
  readonly reserveMs: number;
  readonly executions: { readonly spent: number; readonly cap: number };
  /** Model calls that were lost or are under way are in `model` alone. */
  readonly spent: Cost;
  /** What the model calls have come to; absent without a model. */
  readonly model?: ModelMeter;
  /** What they may cost; absent without a model. */
  readonly caps?: Caps;
  readonly baseline?: Score;
  readonly best?: { readonly nodeId: NodeId; readonly score: Score; readonly family: string };
  /** Best first, at most five. */
  readonly top: readonly {
    readonly nodeId: NodeId;
    readonly score: Score;
    readonly operator: Operator;
    readonly family: string;
  }[];
  readonly nodes: { readonly valid: number; readonly failed: number; readonly rejected: number };
  readonly failures: Partial<Record<FailureClass, number>>;
  readonly inFlight: readonly InFlight[];
  /** Share of slot time spent executing since the search began, 0 to 1. */
  readonly utilisation: number;
  readonly continuations: number;
  readonly warnings: readonly string[];
  readonly result?: RunResult;
}

/** What the workflow returns. */
export interface RunResult {
  readonly folder: string;
  readonly reason: string;
  /** Which cap ended the search, where it was not its time. */
  readonly message?: string;
  readonly estimate: Score | null;
  readonly grade: Grade | null;
  readonly bestNode: NodeId | null;
}

export interface GraphPage {
  readonly nodes: readonly SearchNode[];
  readonly references: readonly Reference[];
  readonly inFlight: readonly InFlight[];
  /** Ask again from this ordinal; absent on the last page. */
  readonly next?: number;
}

export interface Explanation {
  readonly nodeId: NodeId;
  readonly operator: Operator;
  readonly variant?: ImproveVariant;
  readonly parent: NodeId | 'root';
  readonly references: readonly Reference[];
  readonly why: SelectionTrace;
}
