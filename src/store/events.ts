/** Every applied search event, in order: `state = fold(apply, events)`. Outlives Temporal's retention. */
import type { Db } from 'mongodb';
import type { RunId } from '../domain/ids.js';
import type { SearchEvent } from '../domain/run-event.js';
import { retryWrite } from './retry.js';

export interface Events {
  /** Writes `events` under the sequence numbers `from`, `from + 1`, …; writing the same again changes nothing. */
  append(runId: RunId, from: number, events: readonly SearchEvent[]): Promise<void>;
  /** All events of a run in order. */
  read(runId: RunId): Promise<readonly SearchEvent[]>;
}

interface Stored {
  readonly _id: string;
  readonly runId: RunId;
  readonly sequence: number;
  readonly event: SearchEvent;
}

export function createEvents(db: Db): Events {
  const collection = db.collection<Stored>('events');
  return {
    async append(runId, from, events) {
      if (events.length === 0) return;
      const writes = events.map((event, index) => {
        const sequence = from + index;
        const _id = `${runId}#${String(sequence).padStart(7, '0')}`;
        return { replaceOne: { filter: { _id }, replacement: { runId, sequence, event }, upsert: true } };
      });
      await retryWrite(() => collection.bulkWrite(writes, { ordered: false }));
    },
    async read(runId) {
      const rows = await collection.find({ runId }).sort({ sequence: 1 }).toArray();
      return rows.map((row) => row.event);
    },
  };
}
