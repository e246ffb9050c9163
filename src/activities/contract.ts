/** Activities as the workflow sees them: types only, plain JSON, references instead of bytes. */
import type { AddedProgram } from '../domain/added-program.js';
import type { AttestationReceipt } from '../domain/attestation.js';
import type { FinalChoice, Grade } from '../domain/evaluation.js';
import type { ExecutionId, NodeId, RunId } from '../domain/ids.js';
import type { CapName, ModelMeter } from '../domain/model-meter.js';
import type { ImproveVariant, Operator } from '../domain/operator.js';
import type { FailureClass } from '../domain/outcome.js';
import type { RunConfig } from '../domain/run-config.js';
import type { SearchEvent } from '../domain/run-event.js';
import type { Complement, Cost, Score, Versus } from '../domain/score.js';
import type { SuiteStatus } from '../domain/suite.js';
import type { TaskSource } from '../domain/task.js';

export interface PrepareInput {
  readonly runId: RunId;
  readonly source: TaskSource;
  readonly config: RunConfig;
}
export interface PrepareResult {
  readonly baseline: Score;
  readonly mode: 'holdout' | 'folds' | 'script';
  /** Views that every program runs first: `['main']` or `['fold1']`. */
  readonly firstViews: readonly string[];
  /** Executions the executor can run at the same time; the search uses no more slots. */
  readonly capacity: number;
  readonly title: string;
  /** Warnings of the card and of the sandbox, for the run's details. */
  readonly warnings: readonly string[];
}

export interface ProposeInput {
  readonly runId: RunId;
  readonly nodeId: NodeId;
  readonly operator: Operator;
  readonly variant?: ImproveVariant;
  readonly seed: number;
  readonly parent?: NodeId;
  readonly references: readonly NodeId[];
  readonly siblings: readonly NodeId[];
  readonly best: readonly NodeId[];
  readonly hints: readonly string[];
  readonly runSeconds: number;
  /** A person's program: the author is not asked. */
  readonly added?: AddedProgram;
}
export type ProposeResult = {
  /** What the model calls of the run have come to; absent without a model. */
  readonly model?: ModelMeter;
} & (
  | {
      readonly kind: 'proposed';
      readonly programRef: string;
      readonly planRef: string;
      readonly fingerprint: string;
      readonly family: string;
      readonly summary: string;
      readonly cost: Cost;
    }
  | { readonly kind: 'rejected'; readonly reason: string; readonly cost: Cost }
  /** The next call could have passed a cap of the run and was not made. */
  | { readonly kind: 'capped'; readonly cap: CapName; readonly message: string; readonly cost: Cost }
);

export interface ExecuteInput {
  readonly runId: RunId;
  readonly nodeId: NodeId;
  readonly programRef: string;
  /** Part of the execution id: `1`, `1-folds`, `2` after infrastructure trouble, `refit`. */
  readonly attempt: string;
  readonly views: readonly string[];
  readonly runSeconds: number;
}
export type ExecuteResult =
  | { readonly kind: 'ran'; readonly executionId: ExecutionId; readonly outcomeRef: string; readonly cost: Cost }
  | {
      readonly kind: 'failed';
      readonly executionId: ExecutionId;
      readonly outcomeRef: string;
      readonly failure: FailureClass;
      readonly milestones: number;
      readonly message: string;
      readonly cost: Cost;
    }
  | {
      readonly kind: 'infrastructure';
      readonly executionId: ExecutionId;
      readonly cause: string;
      readonly message: string;
      readonly cost: Cost;
    };

export interface EvaluateInput {
  readonly runId: RunId;
  readonly nodeId: NodeId;
  readonly family: string;
  /** Outcomes of all executions of this node so far, in order. */
  readonly outcomeRefs: readonly string[];
  readonly against: { readonly parent?: NodeId; readonly branchBest?: NodeId; readonly best?: NodeId };
  readonly elite: readonly NodeId[];
}
export type EvaluateResult =
  | {
      readonly kind: 'valid';
      readonly score: Score;
      readonly versus: Versus;
      readonly complement: readonly Complement[];
      readonly next: readonly string[];
      readonly complete: boolean;
    }
  | { readonly kind: 'invalid'; readonly failure: FailureClass; readonly message: string };

export interface RecordInput {
  readonly runId: RunId;
  /** Sequence number of the first event. */
  readonly from: number;
  readonly events: readonly SearchEvent[];
}

export interface ChooseInput {
  readonly runId: RunId;
  readonly nodes: readonly {
    readonly nodeId: NodeId;
    readonly family: string;
    readonly seconds: number;
    readonly value: number;
  }[];
  readonly pinned: readonly NodeId[];
  readonly refitSeconds: number;
}
export interface ChooseResult {
  readonly choice: FinalChoice | null;
  /** Members to run again on all labels, in order of weight, with their programs; empty in K-fold mode. */
  readonly refits: readonly { readonly nodeId: NodeId; readonly programRef: string }[];
}

export interface PackageInput {
  readonly runId: RunId;
  readonly choice: FinalChoice | null;
  readonly refits: readonly { readonly nodeId: NodeId; readonly outcomeRef: string }[];
  readonly reason: string;
  /** In which words, where the reason alone does not say it. */
  readonly message?: string;
  /** Events of the search that the store does not have; absent: it has all. */
  readonly unrecorded?: number;
}
export interface PackageResult {
  readonly folder: string;
  readonly estimate: Score | null;
  /** Practice only. */
  readonly grade: Grade | null;
  /** The ledger's last word; absent where no model was asked. */
  readonly model?: ModelMeter;
}

export interface SearchActivities {
  recordEvents(input: RecordInput): Promise<void>;
  /** Stores a part of a state that is too large for a history; returns its reference. At most about 300 KB, as any payload. */
  saveSnapshot(input: {
    readonly runId: RunId;
    readonly snapshot: string;
  }): Promise<{ readonly ref: string; readonly sha256: string }>;
  /** Makes a run of a suite known to the store, so that it is listed and can be steered like any other. */
  enrolRun(input: PrepareInput): Promise<void>;
  /** Closes the ledger of a run that was ended from outside; returns what it came to, null where no model was asked. */
  closeLedger(input: { readonly runId: RunId }): Promise<ModelMeter | null>;
  loadSnapshot(input: { readonly ref: string; readonly sha256: string }): Promise<string>;
}
export interface AuthorActivities {
  proposeNode(input: ProposeInput): Promise<ProposeResult>;
}
export interface ExecutionActivities {
  executeNode(input: ExecuteInput): Promise<ExecuteResult>;
  /** Runs a program that tries to reach the answers, in every view; once for each run. */
  attestRun(input: { readonly runId: RunId }): Promise<AttestationReceipt>;
}
export interface EvaluationActivities {
  prepareRun(input: PrepareInput): Promise<PrepareResult>;
  evaluateNode(input: EvaluateInput): Promise<EvaluateResult>;
  chooseFinal(input: ChooseInput): Promise<ChooseResult>;
  packageRun(input: PackageInput): Promise<PackageResult>;
  /** Writes the table of a suite; again, the same files. */
  packageSuite(input: { readonly status: SuiteStatus; readonly folder: string }): Promise<void>;
}
