/** Who writes the programs is a plug: a request in, a whole program out. */
import type { Evaluation } from '../domain/evaluation.js';
import type { NodeId, RunId } from '../domain/ids.js';
import type { ImproveVariant, Operator } from '../domain/operator.js';
import type { Outcome } from '../domain/outcome.js';
import type { Proposal } from '../domain/proposal.js';
import type { Score, Versus } from '../domain/score.js';
import type { SplitManifest } from '../domain/split.js';
import type { TaskCard } from '../domain/task-card.js';
import type { Recalled } from '../knowledge/port.js';
import type { ModelCalls } from './llm/calls.js';
import type { RunHistory } from './llm/memory/memory.js';

/** What an author may know of a program that was proposed before. */
export interface KnownProgram {
  readonly nodeId: NodeId;
  readonly operator: Operator;
  readonly plan: unknown;
  readonly program: string;
  readonly summary: string;
  readonly family: string;
  readonly changes: readonly string[];
  /** Absent while it has not ended. */
  readonly status?: 'valid' | 'failed';
  readonly score?: Score;
  readonly versus?: Versus;
  readonly seconds?: number;
  readonly outcome?: Pick<Outcome, 'kind' | 'message' | 'stderrHead' | 'stderrTail' | 'stdoutTail'>;
  readonly evaluation?: Evaluation;
}

/** A file that programs find in `./input`: `head` holds the first lines of a table that fits in text. */
export interface InputFile {
  /** Below `./input`. */
  readonly path: string;
  readonly bytes: number;
  readonly head?: string;
}

export interface ProposalRequest {
  readonly runId: RunId;
  readonly nodeId: NodeId;
  readonly operator: Operator;
  readonly variant?: ImproveVariant;
  /** All randomness of the proposal comes from here. */
  readonly seed: number;
  readonly card: TaskCard;
  readonly split: SplitManifest;
  readonly description: string;
  /** The files of the view that programs run first; absent when nobody listed them. */
  readonly inputs?: readonly InputFile[];
  /** Absent for draft and aggregate. */
  readonly parent?: KnownProgram;
  /** The nodes named by the search's reference edges, in its order. */
  readonly references: readonly KnownProgram[];
  /** Children of the same parent (all drafts for a draft), oldest first, those in flight included. */
  readonly siblings: readonly KnownProgram[];
  /** Best first, at most ten; the run's memory of what worked. */
  readonly best: readonly KnownProgram[];
  readonly knowledge: readonly Recalled[];
  /** Fingerprints of every program of the run: a repeat is refused. */
  readonly taken: ReadonlySet<string>;
  readonly hints: readonly string[];
  readonly limits: {
    readonly cpus: number;
    readonly memoryMiB: number;
    readonly runSeconds: number;
    /** Absent: none. */
    readonly gpus?: number;
  };
}

/** What an author that asks a model is given beside the request; the composer needs nothing of it. */
export interface AuthorTools {
  readonly calls: ModelCalls;
  /** Aborted when the activity is cancelled. */
  readonly signal: AbortSignal;
  /** What else of the run may be looked up; absent: the author remembers nothing beyond its request. */
  readonly history?: RunHistory;
}

export interface Author {
  readonly name: 'composer' | 'llm' | 'mixed';
  /** Never throws for lack of ideas: that is `{ kind: 'none' }`. @throws what `tools.calls.call` throws. */
  propose(request: ProposalRequest, tools?: AuthorTools): Promise<Proposal>;
}
