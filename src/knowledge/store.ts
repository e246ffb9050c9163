/** The knowledge base on MongoDB: entries by hash, and what runs taught about them. */
import type { Db } from 'mongodb';
import type { KnowledgeEntry } from '../domain/knowledge-entry.js';
import { entryCollection, hashOf } from './entry-documents.js';
import type { KnowledgeBase } from './port.js';
import { addCredit, readPriors } from './prior-store.js';
import { createRetriever, type Retriever } from './retrieve.js';

export { seedKnowledge } from './seed.js';

/** The first origin that has an id wins: a team's own copy stands in for the curated text. */
const PRECEDENCE: readonly KnowledgeEntry['origin'][] = ['team', 'run', 'curated'];

export interface KnowledgeBaseOptions {
  readonly db: Db;
  /** Fixed entries instead of those in the database, which are otherwise read anew whenever they have changed. */
  readonly entries?: readonly KnowledgeEntry[];
}

export function createKnowledgeBase({ db, entries }: KnowledgeBaseOptions): KnowledgeBase {
  const current = entries === undefined ? entriesOf(db) : constant(shelfOf(entries, ''));
  return {
    async recall(request) {
      const [shelf, priors] = await Promise.all([
        current(),
        readPriors(db, request.card.modality, request.card.metric),
      ]);
      return shelf.retrieve(request, priors);
    },
    async entry(id) {
      return (await current()).byId.get(id);
    },
    async credit(credits) {
      for (const credit of credits) await addCredit(db, credit);
    },
  };
}

/** Entries that were read together, ready to be searched. */
interface Shelf {
  readonly version: string;
  readonly byId: ReadonlyMap<string, KnowledgeEntry>;
  readonly retrieve: Retriever;
}

function shelfOf(entries: readonly KnowledgeEntry[], version: string): Shelf {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return { version, byId, retrieve: createRetriever([...byId.values()]) };
}

function constant(shelf: Shelf): () => Promise<Shelf> {
  return () => Promise.resolve(shelf);
}

/** Reads the hashes at every call, the texts only when a hash is new. */
function entriesOf(db: Db): () => Promise<Shelf> {
  let shelf: Shelf | undefined;
  return async () => {
    const hashes = await entryCollection(db)
      .find({}, { projection: { hash: 1 } })
      .sort({ _id: 1 })
      .toArray();
    const version = hashOf(hashes.map(({ _id, hash }) => [_id, hash]));
    if (shelf?.version !== version) shelf = shelfOf(await readEntries(db), version);
    return shelf;
  };
}

async function readEntries(db: Db): Promise<readonly KnowledgeEntry[]> {
  const documents = await entryCollection(db).find().sort({ _id: 1 }).toArray();
  const byPrecedence = documents.sort((a, b) => PRECEDENCE.indexOf(b.origin) - PRECEDENCE.indexOf(a.origin));
  return [...new Map(byPrecedence.map(({ entryId, entry }) => [entryId, entry])).values()].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
}
