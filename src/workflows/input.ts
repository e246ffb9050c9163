/** What a run is started with, and what one link of its chain hands to the next. Plain JSON. */
import type { EvaluateResult, PrepareResult } from '../activities/contract.js';
import type { AttestationReceipt } from '../domain/attestation.js';
import type { NodeId, RunId } from '../domain/ids.js';
import type { ModelMeter } from '../domain/model-meter.js';
import type { RunConfig } from '../domain/run-config.js';
import type { SearchEvent } from '../domain/run-event.js';
import type { Cost } from '../domain/score.js';
import type { TaskSource } from '../domain/task.js';
import type { SearchState } from '../search/state.js';
import type { PartedState } from './parts.js';

export interface CompetitionInput {
  readonly runId: RunId;
  readonly source: TaskSource;
  readonly config: RunConfig;
  /** Prefix of all task queues; absent: none. */
  readonly queuePrefix?: string;
  /** False where the server does not know the product's search attributes. Absent: true. */
  readonly searchAttributes?: boolean;
  /** Bytes of a hand-over above which the state is stored in parts; for tests. Absent: 256 KiB. */
  readonly inlineBytes?: number;
  /** Workflow id of the suite that waits for this run. */
  readonly reportTo?: string;
  /** Set by continue-as-new only. */
  readonly handover?: Handover;
}

/** Where one program stands between its dispatch and its score; enough to take it up again under the same execution id. */
export interface Progress {
  readonly nodeId: NodeId;
  readonly stage: 'execute' | 'evaluate';
  /** Try number of the current execution: part of its id. */
  readonly try: number;
  /** True once the program has earned the remaining folds. */
  readonly folds: boolean;
  /** Its score on the first folds, from then on: what counts when the others are cut short. */
  readonly first?: Pick<Extract<EvaluateResult, { kind: 'valid' }>, 'score' | 'versus' | 'complement'>;
  readonly views: readonly string[];
  readonly runSeconds: number;
  readonly outcomeRefs: readonly string[];
  /** Of the executions that have ended. */
  readonly cost: Cost;
  /** Executions of this program that infrastructure ended, since it was dispatched. */
  readonly lost: number;
}

/** Slot time, for the utilisation. */
export interface SlotMeter {
  readonly busyMs: number;
  readonly slotMs: number;
  readonly atMs: number;
}

/** Consecutive faults that are nobody's program, and how long to wait before the next probe. */
export interface Trouble {
  /** Proposals in a row that the author could not answer. */
  readonly proposals: number;
  /** What failed last, in a sentence. */
  readonly cause?: string;
  /** Nodes that the evaluator could not score once already. */
  readonly unscored: readonly NodeId[];
  /** Probes in a row that failed. */
  readonly probes: number;
  /** Set while one program at a time is tried. */
  readonly probing: boolean;
  /** Workflow time of the next probe, while blocked. */
  readonly probeAtMs?: number;
}

export interface Handover {
  readonly schemaVersion: 1;
  /** The search state, or its parts when it is too large for a payload; hand-overs of earlier versions named one blob that held all of it. */
  readonly state: SearchState | PartedState | { readonly ref: string; readonly sha256: string };
  readonly facts: PrepareResult;
  readonly progress: readonly Progress[];
  /** Events applied but not yet recorded, and the sequence number of the first of them. */
  readonly unrecorded: readonly SearchEvent[];
  readonly sequence: number;
  readonly meter: SlotMeter;
  readonly trouble: Trouble;
  readonly continuations: number;
  /** Absent while no model was asked. */
  readonly model?: ModelMeter;
  /** Absent while the isolation probe has not ended: the next link asks for it again. */
  readonly isolation?: AttestationReceipt;
}
