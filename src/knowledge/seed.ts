/** Brings the curated entries of a database up to date with those of the code. */
import type { Db } from 'mongodb';
import type { KnowledgeEntry } from '../domain/knowledge-entry.js';
import { retryWrite } from '../store/retry.js';
import { entryCollection, hashOf } from './entry-documents.js';

export interface Seeding {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Curated entries that the code no longer has. */
  readonly removed: number;
}

/** Idempotent. Entries of a team or of a run are never touched, whatever their id. */
export async function seedKnowledge(db: Db, entries: readonly KnowledgeEntry[]): Promise<Seeding> {
  const collection = entryCollection(db);
  const stored = await collection.find({ origin: 'curated' }, { projection: { hash: 1 } }).toArray();
  const before = new Map(stored.map(({ _id, hash }) => [_id, hash]));
  const documents = entries.map((entry) => ({
    _id: `curated/${entry.id}`,
    entryId: entry.id,
    origin: 'curated' as const,
    hash: hashOf(entry),
    entry,
  }));
  const changed = documents.filter(({ _id, hash }) => before.get(_id) !== hash);
  for (const document of changed) {
    await retryWrite(() => collection.replaceOne({ _id: document._id }, document, { upsert: true }));
  }
  const kept = new Set(documents.map(({ _id }) => _id));
  const gone = [...before.keys()].filter((id) => !kept.has(id));
  if (gone.length > 0) await collection.deleteMany({ _id: { $in: gone } });
  const added = changed.filter(({ _id }) => !before.has(_id)).length;
  return {
    added,
    updated: changed.length - added,
    unchanged: documents.length - changed.length,
    removed: gone.length,
  };
}
