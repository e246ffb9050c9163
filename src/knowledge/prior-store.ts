/** `knowledge_priors`: one document per entry, modality and metric, counted up once per use. */
import type { Collection, Db } from 'mongodb';
import { retryWrite } from '../store/retry.js';
import type { Credit } from './port.js';
import { NO_PRIOR, type Prior } from './priors.js';

interface PriorDocument extends Prior {
  /** `<entry>|<modality>|<metric>` */
  readonly _id: string;
  readonly entryId: string;
  readonly modality: string;
  readonly metric: string;
  /** The uses counted last; a use found here is not counted again. */
  readonly uses: readonly string[];
}

/** A retried activity repeats a use at once: among so many others it is still remembered. */
const REMEMBERED_USES = 2_000;

function priorCollection(db: Db): Collection<PriorDocument> {
  return db.collection<PriorDocument>('knowledge_priors');
}

/**
 * Counts a use once, however often it is reported and by how many at the same time: the second of two single-document
 * updates adds to the sums only while the use is not among those counted.
 */
export async function addCredit(db: Db, credit: Credit): Promise<void> {
  const { entryId, modality, metric, use } = credit;
  const _id = [entryId, modality, metric].join('|');
  const empty = { entryId, modality, metric, uses: [], ...NO_PRIOR };
  await retryWrite(() => priorCollection(db).updateOne({ _id }, { $setOnInsert: empty }, { upsert: true }));
  await retryWrite(() =>
    priorCollection(db).updateOne(
      { _id, uses: { $nin: [use] } },
      {
        $inc: {
          trials: 1,
          successes: credit.success ? 1 : 0,
          measured: credit.gain === undefined ? 0 : 1,
          gainSum: credit.gain ?? 0,
          seconds: credit.seconds,
        },
        $push: { uses: { $each: [use], $slice: -REMEMBERED_USES } },
      },
    ),
  );
}

/** By entry id; entries that were never used are absent. */
export async function readPriors(db: Db, modality: string, metric: string): Promise<ReadonlyMap<string, Prior>> {
  const documents = await priorCollection(db)
    .find({ modality, metric }, { projection: { uses: 0 } })
    .toArray();
  return new Map(documents.map((document) => [document.entryId, document]));
}
