/** The knowledge base on a real server: seeding by hash, a team's copies, credits counted once. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Db } from 'mongodb';
import { entryCollection, hashOf } from '../../src/knowledge/entry-documents.js';
import { loadEntries } from '../../src/knowledge/load.js';
import type { Credit } from '../../src/knowledge/port.js';
import { readPriors } from '../../src/knowledge/prior-store.js';
import { createKnowledgeBase, seedKnowledge } from '../../src/knowledge/store.js';
import { up } from '../../src/stack/up.js';
import { type Database, openDatabase } from '../../src/store/connection.js';
import { cardWith, entryWith, requestWith } from '../support/knowledge.js';

let database: Database;
let db: Db;

beforeAll(async () => {
  const uri = process.env.AUTOMLGEN_TEST_MONGODB ?? (await up({ pieces: ['database'] })).mongodbUri;
  const own = new URL(uri);
  own.pathname = `/knowledge-test-${randomBytes(4).toString('hex')}`;
  database = await openDatabase(own.href);
  db = database.db;
}, 300_000);

afterAll(async () => {
  await db.dropDatabase();
  await database.close();
});

const ridge = entryWith({ id: 'model.linear.ridge', metrics: ['rmse'] });
const forest = entryWith({ id: 'model.trees.forest' });

describe('seeding', () => {
  test('adds, updates and removes by hash, and is idempotent', async () => {
    expect(await seedKnowledge(db, [ridge, forest])).toEqual({ added: 2, updated: 0, unchanged: 0, removed: 0 });
    expect(await seedKnowledge(db, [ridge, forest])).toEqual({ added: 0, updated: 0, unchanged: 2, removed: 0 });
    const changed = { ...ridge, summary: 'Another summary, which is as long as it has to be.' };
    expect(await seedKnowledge(db, [changed])).toEqual({ added: 0, updated: 1, unchanged: 0, removed: 1 });
    expect(await seedKnowledge(db, [ridge, forest])).toEqual({ added: 1, updated: 1, unchanged: 0, removed: 0 });
  });

  test('two processes at once leave one copy of everything, whole', async () => {
    const entries = loadEntries();
    await Promise.all([seedKnowledge(db, entries), seedKnowledge(db, entries), seedKnowledge(db, entries)]);
    const stored = await entryCollection(db).find({ origin: 'curated' }).sort({ _id: 1 }).toArray();
    expect(stored.map(({ entryId }) => entryId)).toEqual(entries.map(({ id }) => id).sort());
    for (const { entry, hash } of stored) expect(hashOf(entry)).toBe(hash);
    await seedKnowledge(db, [ridge, forest]);
  });

  test("a team's copy stands in for the curated entry, survives seeding, and is seen at the next recall", async () => {
    const base = createKnowledgeBase({ db });
    expect((await base.entry(ridge.id))?.origin).toBe('curated');
    const entry = { ...ridge, origin: 'team' as const, name: 'Our ridge' };
    const document = { _id: `team/${entry.id}`, entryId: entry.id, origin: entry.origin, hash: hashOf(entry), entry };
    await entryCollection(db).insertOne(document);
    await seedKnowledge(db, [ridge, forest]);
    expect((await base.entry(ridge.id))?.name).toBe('Our ridge');
    const recalled = await base.recall(requestWith());
    expect(recalled.map((item) => item.entry.name)).toEqual(['Our ridge', 'model.trees.forest']);
    await entryCollection(db).deleteOne({ _id: document._id });
    expect((await base.entry(ridge.id))?.name).toBe(ridge.name);
  });
});

describe('credit', () => {
  const credit = (use: string, fields: Partial<Credit> = {}): Credit => ({
    entryId: forest.id,
    modality: 'tabular',
    metric: 'rmse',
    use,
    success: true,
    gain: 0.5,
    seconds: 2,
    ...fields,
  });

  test('a use counts once, however often and by how many it is reported', async () => {
    const base = createKnowledgeBase({ db, entries: [ridge, forest] });
    const uses = ['r1/n1', 'r1/n2', 'r1/n3', 'r2/n1'];
    const reports = [...uses, ...uses, ...uses].map((use) => base.credit([credit(use)]));
    await Promise.all(reports);
    const { gain: _, ...failed } = credit('r1/n4', { success: false, seconds: 10 });
    await base.credit([failed]);
    expect((await readPriors(db, 'tabular', 'rmse')).get(forest.id)).toMatchObject({
      trials: 5,
      successes: 4,
      measured: 4,
      gainSum: 2,
      seconds: 18,
    });
  });

  test('moves the next recall for that metric, and for no other', async () => {
    const base = createKnowledgeBase({ db, entries: [entryWith({ id: 'model.a.first' }), forest] });
    const first = async (metric: 'rmse' | 'mae'): Promise<string | undefined> =>
      (await base.recall(requestWith({ card: cardWith({ metric }) })))[0]?.entry.id;
    expect(await first('mae')).toBe('model.a.first');
    expect(await first('rmse')).toBe(forest.id);
  });
});
