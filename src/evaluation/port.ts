/** The ruler: splits once, scores what candidates wrote, chooses by rule. Trusted code; the only reader of hidden labels. */
import type { Evaluation, FinalChoice, Grade, Member, MemberRefit } from '../domain/evaluation.js';
import type { NodeId } from '../domain/ids.js';
import type { OutputFile } from '../domain/outcome.js';
import type { Averaging, Recipe } from '../domain/recipe.js';
import type { PreparedTask } from '../domain/split.js';
import type { TaskSource } from '../domain/task.js';
import type { TaskCard } from '../domain/task-card.js';

export interface PrepareRequest {
  readonly source: TaskSource;
  readonly splitSeed: number;
  readonly mode: 'auto' | 'holdout' | 'folds';
  /** A program is expected to need less than 30 s: K-fold pays up to 20,000 rows then. */
  readonly cheapPrograms: boolean;
  /** Absolute folder that receives `views`, `hidden` and `predictions`. Preparing twice gives the same bytes. */
  readonly folder: string;
}

/** An output file of an execution, at a local path the evaluator may read. */
export type LocalOutput = Omit<OutputFile, 'blob'> & { readonly path: string };

export interface EvaluateRequest {
  readonly prepared: PreparedTask;
  readonly nodeId: NodeId;
  readonly family: string;
  /** Files of all views executed so far for this node. */
  readonly files: readonly LocalOutput[];
  /** Nodes to compare with, where there are any. */
  readonly against: { readonly parent?: NodeId; readonly branchBest?: NodeId; readonly best?: NodeId };
  /** Best nodes so far, at most 8, with which complementarity is measured. */
  readonly elite: readonly NodeId[];
  /** No sandbox kept the candidate from the answers: the score is labelled `hidden-unprotected`. */
  readonly unprotected: boolean;
  /** The end of what the program printed: read only where the task leaves no other ruler (`split.mode` is `script`). */
  readonly printed?: string;
}

export interface ChooseRequest {
  readonly prepared: PreparedTask;
  readonly nodes: readonly {
    readonly nodeId: NodeId;
    readonly family: string;
    readonly seconds: number;
    readonly value: number;
  }[];
  readonly pinned: readonly NodeId[];
  /** Seconds of refits that the reserve affords. */
  readonly refitSeconds: number;
}

export interface SubmissionRequest {
  readonly prepared: PreparedTask;
  readonly members: readonly Member[];
  /** As the choice settled it; absent: as the members' files allow. */
  readonly averaging?: Averaging;
  /** Files of refitted members (view `full`); members without one keep their searched predictions. */
  readonly refits: readonly { readonly nodeId: NodeId; readonly files: readonly LocalOutput[] }[];
  /** Absolute path of the submission.csv to write. */
  readonly path: string;
}

export interface GradeRequest {
  readonly source: TaskSource;
  readonly prepared: PreparedTask;
  readonly submission: string;
}

export interface SubmissionResult {
  readonly rows: number;
  /** One entry for each member: whether its refit was used, and if not, why. */
  readonly refits: readonly MemberRefit[];
  /** How the file was made from the members' answers. */
  readonly recipe?: Recipe;
}

/** `signal`: the answer is not wanted any more; the call rejects with its reason. */
export interface EvaluatorCall {
  readonly signal?: AbortSignal;
}

export interface Evaluator {
  /** Task card only; raises UserError on input that no run could use. */
  profile(source: TaskSource): Promise<TaskCard>;
  prepare(request: PrepareRequest, call?: EvaluatorCall): Promise<PreparedTask>;
  evaluate(request: EvaluateRequest, call?: EvaluatorCall): Promise<Evaluation>;
  choose(request: ChooseRequest, call?: EvaluatorCall): Promise<FinalChoice>;
  writeSubmission(request: SubmissionRequest, call?: EvaluatorCall): Promise<SubmissionResult>;
  /** Practice only: scores `submission` on the private answers. */
  grade(request: GradeRequest, call?: EvaluatorCall): Promise<Grade>;
  close(): Promise<void>;
}
