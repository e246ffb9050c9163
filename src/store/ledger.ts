/** What the executions of a run have cost, one row each. Model calls have a ledger of their own: `calls.ts`. */
import type { Db } from 'mongodb';
import type { NodeId, RunId } from '../domain/ids.js';
import type { Cost } from '../domain/score.js';
import { retryWrite } from './retry.js';

export interface LedgerRow {
  readonly runId: RunId;
  /** Id of the execution or call; writing it again replaces the row, so nothing is charged twice. */
  readonly callId: string;
  readonly nodeId: NodeId;
  readonly kind: 'execution';
  readonly cost: Cost;
  readonly at: Date;
}

export interface Ledger {
  record(row: LedgerRow): Promise<void>;
  ofRun(runId: RunId): Promise<readonly LedgerRow[]>;
  /** The run that a call belongs to, when this store knows it. */
  runOf(callId: string): Promise<RunId | undefined>;
}

export function createLedger(db: Db): Ledger {
  const rows = db.collection<LedgerRow & { readonly _id: string }>('ledger');
  return {
    async record(row) {
      const _id = `${row.runId}/${row.callId}`;
      await retryWrite(() => rows.replaceOne({ _id }, row, { upsert: true }));
    },
    async runOf(callId) {
      return (await rows.findOne({ callId }, { projection: { runId: 1 } }))?.runId;
    },
    ofRun: (runId) => rows.find({ runId }).sort({ at: 1 }).toArray(),
  };
}
