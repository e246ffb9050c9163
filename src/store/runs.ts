/** One document for each run: what was asked for, how it was split, where it ended. */
import type { Db } from 'mongodb';
import type { AttestationReceipt } from '../domain/attestation.js';
import type { RunId } from '../domain/ids.js';
import type { RunConfig } from '../domain/run-config.js';
import type { RunPhase, RunResult } from '../domain/run-status.js';
import type { PreparedTask } from '../domain/split.js';
import type { TaskSource } from '../domain/task.js';
import { retryWrite } from './retry.js';

/** A copy of the run's facts for reports; `prepared` is absent until the split is frozen, `result` until the run has ended. */
export interface RunRecord {
  readonly runId: RunId;
  readonly source: TaskSource;
  readonly config: RunConfig;
  readonly startedAt: Date;
  readonly prepared?: PreparedTask;
  /** Blob with the task's description as it was when the run was prepared; absent where it had none. */
  readonly description?: string;
  readonly sandbox?: string;
  readonly warnings?: readonly string[];
  /** Absent until the isolation probe has ended. */
  readonly attestation?: AttestationReceipt;
  readonly phase?: RunPhase;
  readonly result?: RunResult;
  readonly endedAt?: Date;
}

export interface Runs {
  /** Creates the document or adds the given fields to it. */
  save(run: Partial<RunRecord> & { readonly runId: RunId }): Promise<void>;
  find(runId: RunId): Promise<RunRecord | undefined>;
  /** Latest first. */
  latest(limit: number): Promise<readonly RunRecord[]>;
  /** Those whose id begins with `prefix`, in reverse order of their ids, at most `limit`. */
  beginningWith(prefix: string, limit: number): Promise<readonly RunRecord[]>;
}

type Stored = RunRecord & { readonly _id: string };

export function createRuns(db: Db): Runs {
  const runs = db.collection<Stored>('runs');
  return {
    async save(run) {
      await retryWrite(() => runs.updateOne({ _id: run.runId }, { $set: { ...run } }, { upsert: true }));
    },
    async find(runId) {
      return (await runs.findOne({ _id: runId })) ?? undefined;
    },
    latest: (limit) => runs.find({}).sort({ startedAt: -1 }).limit(limit).toArray(),
    beginningWith: (prefix, limit) =>
      runs
        .find({ _id: { $gte: prefix as RunId, $lt: `${prefix}\uffff` as RunId } })
        .sort({ _id: -1 })
        .limit(limit)
        .toArray(),
  };
}
