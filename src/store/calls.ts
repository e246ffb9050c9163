/**
 * The ledger of model calls. A call is promised to the run's meter and written as a row before its request is sent; both are settled
 * when its end is known. Rows are the truth; the meter (one document for each run) makes caps safe against calls at the same moment.
 */
import type { Collection, Db } from 'mongodb';
import type { RunId } from '../domain/ids.js';
import type { CapName, ModelMeter } from '../domain/model-meter.js';
import type { Caps } from '../domain/run-config.js';
import {
  type CallMeter,
  capOf,
  emptyMeter,
  keyOf,
  meterFrom,
  promised,
  readMeter,
  roomFor,
  settlement,
  withdrawn,
} from './call-meter.js';
import type { BegunCall, CallEnding, CallKey, CallRow } from './call-row.js';
import { isDuplicate, retryWrite } from './retry.js';

export type Begun =
  | { readonly kind: 'begun' }
  /** Another attempt has written this very row. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'capped'; readonly cap: CapName; readonly meter: ModelMeter };

export interface Calls {
  /** All tries of one call, first to last. */
  tries(runId: RunId, callId: string): Promise<readonly CallRow[]>;
  /** Promises the worst case to the meter, unless a cap could be passed, and writes the row. */
  begin(call: BegunCall, caps: Caps): Promise<Begun>;
  /** A sign of life of the owner. */
  beat(call: BegunCall): Promise<void>;
  /** Writes the end of a call; by its owner only, and again without effect. A reply that comes late replaces a loss. */
  settle(call: BegunCall, ending: CallEnding): Promise<void>;
  /** Gives a call up for lost whose owner has been silent for `silentMs` by the database's clock. Returns whether it was. */
  buryIfSilent(row: CallRow, silentMs: number, cause: string): Promise<boolean>;
  /** Brings the meter in line with a row that has ended: its owner may have died between the two. */
  reconcile(row: CallRow): Promise<void>;
  /** Gives up every call still begun and counts the meter anew from the rows. */
  close(runId: RunId, cause: string): Promise<ModelMeter | undefined>;
  /** Absent where no call was ever begun. */
  meter(runId: RunId): Promise<ModelMeter | undefined>;
  /** In the order in which they were begun. */
  ofRun(runId: RunId): Promise<readonly CallRow[]>;
}

type StoredRow = CallRow & { readonly _id: string };

export function createCalls(db: Db): Calls {
  const rows = db.collection<StoredRow>('calls');
  const meters = db.collection<CallMeter>('meters');
  const calls: Calls = {
    tries: async (runId, callId) => rows.find({ runId, callId }).sort({ try: 1 }).toArray(),
    async begin(call, caps) {
      const key = keyOf(call);
      await retryWrite(() => meters.updateOne({ _id: call.runId }, { $setOnInsert: emptyMeter() }, { upsert: true }));
      const room = { _id: call.runId, [`open.${key}`]: { $exists: false }, ...roomFor(call.worst, caps) };
      const claimed = await retryWrite(() =>
        meters.findOneAndUpdate(room, promised(key, call.worst), { returnDocument: 'after' }),
      );
      const meter = claimed ?? (await tick(meters, call.runId));
      // A promise without a row: whoever made it died between the two. It is taken over as it stands.
      const promise = meter.open[key];
      if (promise === undefined)
        return { kind: 'capped', cap: capOf(meter, call.worst, caps), meter: readMeter(meter) };
      try {
        await rows.insertOne({ ...call, worst: promise, seenAt: meter.clock, _id: rowId(call) });
        return { kind: 'begun' };
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        if (claimed) await withdrawIfEnded(call, key);
        return { kind: 'taken' };
      }
    },
    async beat({ owner, ...call }) {
      await rows.updateOne({ _id: rowId(call), owner, state: 'begun' }, { $currentDate: { seenAt: true } });
    },
    async settle({ owner, ...call }, ending) {
      const filter = { _id: rowId(call), owner, state: { $in: ['begun', 'lost'] as CallRow['state'][] } };
      const before = await rows.findOneAndUpdate(filter, { $set: { ...ending } }, { returnDocument: 'before' });
      if (before && before.state !== ending.state) return book(before, { ...before, ...ending });
      // Asked again because an answer was lost: the row may have ended without the meter.
      const row = await rows.findOne({ _id: rowId(call), owner });
      if (row) await calls.reconcile(row);
    },
    async buryIfSilent(row, silentMs, cause) {
      const { clock } = await tick(meters, row.runId);
      if (clock.getTime() - row.seenAt.getTime() < silentMs) return false;
      const ending: CallEnding = { state: 'lost', cause, endedAt: new Date() };
      const { owner, seenAt } = row;
      const buried = await rows.updateOne({ _id: rowId(row), owner, seenAt, state: 'begun' }, { $set: { ...ending } });
      if (buried.matchedCount > 0) await book(row, { ...row, ...ending });
      return buried.matchedCount > 0;
    },
    async reconcile(row) {
      if (row.state !== 'begun') await book({ ...row, state: 'begun' }, row);
    },
    async close(runId, cause) {
      if ((await meters.findOne({ _id: runId })) === null) return undefined;
      const ending: CallEnding = { state: 'lost', cause, endedAt: new Date() };
      await rows.updateMany({ runId, state: 'begun' }, { $set: { ...ending } });
      for (;;) {
        const { clock, revision } = await tick(meters, runId);
        const counted = meterFrom(await calls.ofRun(runId), clock, revision + 1);
        // A late reply may be booked meanwhile: then it is counted again.
        const written = await meters.replaceOne({ _id: runId, revision }, counted);
        if (written.matchedCount > 0) return readMeter(counted);
      }
    },
    async meter(runId) {
      const meter = await meters.findOne({ _id: runId });
      return meter === null ? undefined : readMeter(meter);
    },
    ofRun: async (runId) => rows.find({ runId }).sort({ at: 1, _id: 1 }).toArray(),
  };

  async function book(before: CallRow, after: CallRow): Promise<void> {
    if (before.state === after.state) return;
    const open = before.state === 'begun' ? { [`open.${keyOf(after)}`]: { $exists: true } } : {};
    await retryWrite(() => meters.updateOne({ _id: after.runId, ...open }, settlement(before, after)));
  }

  /** Our promise was made after the row had ended and been settled. */
  async function withdrawIfEnded(call: BegunCall, key: string): Promise<void> {
    const row = await rows.findOne({ _id: rowId(call) });
    if (row === null || row.state === 'begun') return;
    await meters.updateOne({ _id: call.runId, [`open.${key}`]: { $exists: true } }, withdrawn(key, call.worst));
  }

  return calls;
}

/** The meter with the database's time in it: clocks of workers may differ, that of the database is one. */
async function tick(meters: Collection<CallMeter>, runId: RunId): Promise<CallMeter> {
  const meter = await meters.findOneAndUpdate(
    { _id: runId },
    { $currentDate: { clock: true } },
    { returnDocument: 'after' },
  );
  if (meter === null) throw new Error(`Run ${runId} has no meter.`);
  return meter;
}

function rowId({ runId, callId, try: number }: CallKey): string {
  return `${runId}/${callId}/${number}`;
}
