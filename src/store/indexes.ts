/** Indexes of every collection; making one that exists is harmless. */
import type { Db } from 'mongodb';

export async function ensureIndexes(db: Db): Promise<void> {
  await db.collection('runs').createIndex({ startedAt: -1 });
  await db.collection('events').createIndex({ runId: 1, sequence: 1 });
  await db.collection('nodes').createIndex({ runId: 1 });
  await db.collection('nodes').createIndex({ claim: 1 }, { unique: true, sparse: true });
  await db.collection('ledger').createIndex({ runId: 1, at: 1 });
  await db.collection('ledger').createIndex({ callId: 1 });
  await db.collection('lessons').createIndex({ 'traits.modality': 1, at: -1 });
  await db.collection('calls').createIndex({ runId: 1, callId: 1 });
}
