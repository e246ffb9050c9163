/** Lessons on a real server: written twice, kept once; told by traits to other runs only. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RunId } from '../../src/domain/ids.js';
import { Lesson } from '../../src/domain/lesson.js';
import { up } from '../../src/stack/up.js';
import { type Database, openDatabase } from '../../src/store/connection.js';
import { ensureIndexes } from '../../src/store/indexes.js';
import { createLessons } from '../../src/store/lessons.js';

let database: Database;

beforeAll(async () => {
  const uri = process.env.AUTOMLGEN_TEST_MONGODB ?? (await up({ pieces: ['database'] })).mongodbUri;
  const own = new URL(uri);
  own.pathname = `/lessons-test-${randomBytes(4).toString('hex')}`;
  database = await openDatabase(own.href);
  await ensureIndexes(database.db);
}, 300_000);

afterAll(async () => {
  await database.db.dropDatabase();
  await database.close();
});

const traits: Lesson['traits'] = { modality: 'tabular', taskType: 'binary', metric: 'auc', regimes: ['small'] };
const first = RunId.parse('one-20260101-aaaaaa');
const second = RunId.parse('two-20260102-bbbbbb');

function lesson(id: string, change: Partial<Lesson> = {}): Lesson {
  const base = { kind: 'paid', operator: 'improve', family: id, text: `what ${id} taught`, effect: 4 } as const;
  return Lesson.parse({ id, traits, ...base, at: '2026-01-01T00:00:00Z', ...change });
}

test('lessons are kept once, and told to other runs on tasks of the same kind', async () => {
  const lessons = createLessons(database.db);
  const kept = [
    lesson(`${first}/n1`),
    lesson(`${first}/n2`, { traits: { ...traits, modality: 'image-classification' } }),
  ];
  await lessons.save(kept);
  await lessons.save([{ ...kept[0], text: 'said better' } as Lesson]);
  expect(await database.db.collection('lessons').countDocuments()).toBe(2);

  const told = await lessons.recall(traits, { except: second, limit: 5 });
  expect(told).toEqual([{ ...kept[0], text: 'said better' }]);
  expect(Lesson.array().parse(told)).toHaveLength(1);
  expect(await lessons.recall(traits, { except: first, limit: 5 })).toEqual([]);
});
