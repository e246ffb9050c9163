/** How an entry lies in the database. */
import { createHash } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import type { KnowledgeEntry } from '../domain/knowledge-entry.js';

export interface EntryDocument {
  /** `<origin>/<entry id>`: a team's copy lives beside the curated entry of the same id. */
  readonly _id: string;
  readonly entryId: string;
  readonly origin: KnowledgeEntry['origin'];
  /** SHA-256 of the entry. */
  readonly hash: string;
  readonly entry: KnowledgeEntry;
}

export function entryCollection(db: Db): Collection<EntryDocument> {
  return db.collection<EntryDocument>('knowledge_entries');
}

/** SHA-256 of the JSON text; keys in the order of the schema. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
