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
  pendingOf,
  promised,
  readMeter,
  roomFor,
  settlement,
  withdrawn,
} from './call-meter.js';
import type { BegunCall, CallEnding, CallKey, CallRow, KnownEnding, WorstCase } from './call-row.js';
import { isDuplicate, retryWrite } from './retry.js';

export type Begun =
  | { readonly kind: 'begun' }
  /** Another attempt has written this very row. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'capped'; readonly cap: CapName; readonly meter: ModelMeter }
  /** The run has ended. */
  | { readonly kind: 'closed' };

export interface Calls {
  /** All tries of one call, first to last. */
  tries(runId: RunId, callId: string): Promise<readonly CallRow[]>;
  /** Promises the worst case to the meter, unless a cap could be passed, and writes the row. */
  begin(call: BegunCall, caps: Caps): Promise<Begun>;
  /** A sign of life of the owner. False: the call has been given up, nobody waits for its reply any more. */
  beat(call: BegunCall): Promise<boolean>;
  /**
   * Writes the end of a call; by its owner only, and again without effect. A call that was given up stays lost: what is learned of it
   * afterwards is noted as `late`, so that it counts for its price.
   */
  settle(call: BegunCall, ending: CallEnding): Promise<void>;
  /** Gives a call up for lost whose owner has been silent for `silentMs` by the database's clock. Returns whether it was. */
  buryIfSilent(row: CallRow, silentMs: number, cause: string): Promise<boolean>;
  /** Brings the meter in line with a row that has ended: its owner may have died between the two. */
  reconcile(row: CallRow): Promise<void>;
  /** Gives up every call still begun, lets none begin any more, and counts the meter anew from the rows. */
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
      const { meter, claimed } = await claim(call, caps, key);
      if (meter.closed) return { kind: 'closed' };
      // A promise without a row: whoever made it died between the two. It is taken over as it stands.
      const promise = meter.open[key];
      // Without a cap in its way another call gave back what it did not need between the two requests: there is room now.
      if (promise === undefined) return cappedBy(meter, call.worst, caps) ?? calls.begin(call, caps);
      try {
        await rows.insertOne({ ...call, worst: promise, seenAt: meter.clock, _id: rowId(call) });
        return (await isClosed(call.runId)) ? await unbegun(call, key, promise) : { kind: 'begun' };
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        if (claimed) await withdrawIfEnded(call, key);
        return { kind: 'taken' };
      }
    },
    async beat({ owner, ...call }) {
      const mine = { _id: rowId(call), owner, state: 'begun' as const };
      return (await rows.updateOne(mine, { $currentDate: { seenAt: true } })).matchedCount > 0;
    },
    async settle({ owner, ...call }, ending) {
      const mine = { _id: rowId(call), owner };
      const before = await rows.findOneAndUpdate({ ...mine, state: 'begun' }, { $set: { ...ending } });
      if (before) return book(before, { ...before, ...ending });
      const row = await rows.findOne(mine);
      if (row === null) return;
      // Asked again because an answer was lost, or given up by another: the row may have ended without the meter.
      await calls.reconcile(row);
      if (row.state === 'lost' && row.late === undefined && ending.state !== 'lost') await note(row, ending);
    },
    async buryIfSilent(row, silentMs, cause) {
      const { clock } = await tick(meters, row.runId);
      if (clock.getTime() - row.seenAt.getTime() < silentMs) return false;
      const ending: CallEnding = { state: 'lost', cause, endedAt: new Date() };
      // Some databases keep more than the milliseconds that are read back: not equal, but not later.
      const unheard = { $lt: new Date(row.seenAt.getTime() + 1) };
      const mine = { _id: rowId(row), owner: row.owner, state: 'begun' as const, seenAt: unheard };
      const buried = await rows.updateOne(mine, { $set: { ...ending } });
      if (buried.matchedCount > 0) await book(row, { ...row, ...ending });
      return buried.matchedCount > 0;
    },
    async reconcile(row) {
      if (row.state !== 'begun') await book({ ...row, state: 'begun' }, row);
    },
    async close(runId, cause) {
      const found = await meters.updateOne({ _id: runId }, { $set: { closed: true } });
      if (found.matchedCount === 0) return undefined;
      const ending: CallEnding = { state: 'lost', cause, endedAt: new Date() };
      await rows.updateMany({ runId, state: 'begun' }, { $set: { ...ending } });
      for (;;) {
        const { clock, revision } = await tick(meters, runId);
        const counted = { ...meterFrom(await calls.ofRun(runId), clock, revision + 1), closed: true as const };
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

  /** Once, however often it is asked for: what stood for the call in the meter is taken away with it. */
  async function book(before: CallRow, after: CallRow): Promise<void> {
    const pending = { _id: after.runId, [pendingOf(before)]: { $exists: true } };
    await retryWrite(() => meters.updateOne(pending, settlement(before, after)));
  }

  /** The first one who knows more than that the call is lost. */
  async function note(row: StoredRow & { readonly state: 'lost' }, late: KnownEnding): Promise<void> {
    const noted = await rows.updateOne({ _id: row._id, late: { $exists: false } }, { $set: { late } });
    if (noted.matchedCount > 0) await book(row, { ...row, late });
  }

  /** The meter with the call's promise, or as it was when there was no room for it, or none to be asked for. */
  async function claim(call: BegunCall, caps: Caps, key: string): Promise<{ meter: CallMeter; claimed: boolean }> {
    await retryWrite(() => meters.updateOne({ _id: call.runId }, { $setOnInsert: emptyMeter() }, { upsert: true }));
    const isOpen = { closed: { $exists: false }, [`open.${key}`]: { $exists: false } };
    const room = { _id: call.runId, ...isOpen, ...roomFor(call.worst, caps) };
    const claimed = await retryWrite(() =>
      meters.findOneAndUpdate(room, promised(key, call.worst), { returnDocument: 'after' }),
    );
    return { meter: claimed ?? (await tick(meters, call.runId)), claimed: claimed !== null };
  }

  async function isClosed(runId: RunId): Promise<boolean> {
    return (await meters.findOne({ _id: runId, closed: true }, { projection: { _id: 1 } })) !== null;
  }

  /** The run ended between promise and row. Nothing was sent, so nothing is to be remembered, unless the end has met the row already. */
  async function unbegun(call: BegunCall, key: string, promise: WorstCase): Promise<Begun> {
    await rows.deleteOne({ _id: rowId(call), owner: call.owner, state: 'begun' });
    await meters.updateOne({ _id: call.runId, [`open.${key}`]: { $exists: true } }, withdrawn(key, promise));
    return { kind: 'closed' };
  }

  /** Our promise was made after the row had ended and been settled. */
  async function withdrawIfEnded(call: BegunCall, key: string): Promise<void> {
    const row = await rows.findOne({ _id: rowId(call) });
    if (row === null || row.state === 'begun') return;
    await meters.updateOne({ _id: call.runId, [`open.${key}`]: { $exists: true } }, withdrawn(key, call.worst));
  }

  return calls;
}

function cappedBy(meter: CallMeter, worst: WorstCase, caps: Caps): Begun | undefined {
  const cap = capOf(meter, worst, caps);
  return cap === undefined ? undefined : { kind: 'capped', cap, meter: readMeter(meter) };
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
