/** Everything a finished run leaves behind is rendered from these facts; the renderers beside this file are pure. */
import type { Attestation } from '../domain/attestation.js';
import type { FinalChoice, Grade } from '../domain/evaluation.js';
import type { ModelMeter } from '../domain/model-meter.js';
import type { SearchEvent } from '../domain/run-event.js';
import type { PreparedTask } from '../domain/split.js';
import type { SubmissionResult } from '../evaluation/port.js';
import type { CallRow } from '../store/call-row.js';
import type { LedgerRow } from '../store/ledger.js';
import type { NodeRecord } from '../store/nodes.js';
import type { RunRecord } from '../store/runs.js';

export interface RunFacts {
  readonly run: RunRecord & { readonly prepared: PreparedTask };
  readonly nodes: readonly NodeRecord[];
  readonly events: readonly SearchEvent[];
  readonly choice: FinalChoice | null;
  /** Absent when nothing but the baseline could be submitted. */
  readonly submission?: SubmissionResult;
  /** Absent when the isolation probe had not ended. */
  readonly attestation?: Attestation;
  readonly grade: Grade | null;
  /** Why the search ended. */
  readonly reason: string;
  /** Which cap ended it, where it was not its time. */
  readonly message?: string;
  /** What its model calls have come to; absent where none was made. */
  readonly model?: ModelMeter;
  /** Each of them. */
  readonly calls?: readonly CallRow[];
  /** What each execution has taken. */
  readonly ledger?: readonly LedgerRow[];
}
