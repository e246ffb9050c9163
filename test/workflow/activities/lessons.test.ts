/** What a run taught is kept when it ends, and told to the authors of later runs; measured runs do neither. */
import { expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ProposeInput } from '../../../src/activities/contract.js';
import { createPackageRun } from '../../../src/activities/finalise.js';
import { createProposeNode } from '../../../src/activities/propose.js';
import type { Author, AuthorTools } from '../../../src/authors/port.js';
import { UserError } from '../../../src/domain/errors.js';
import { nodeIdOf, type RunId, runIdOf } from '../../../src/domain/ids.js';
import { type Lesson, lessonTraitsOf } from '../../../src/domain/lesson.js';
import type { RunRecord } from '../../../src/store/runs.js';
import { type MemoryStore, memoryStore, PREPARED, RUN } from '../../support/memory-store.js';
import { KNOWN, recordOf } from '../../support/prompt-fixtures.js';

const LATER: RunId = runIdOf('others', new Date('2026-02-02T00:00:00Z'), 'bbbbbb');
const TRAITS = lessonTraitsOf(PREPARED.card);

async function finished(change: Partial<RunRecord> = {}): Promise<MemoryStore> {
  const store = memoryStore();
  await store.runs.save({ runId: RUN, ...change });
  for (const known of [KNOWN.draft, KNOWN.other]) await store.nodes.save({ ...recordOf(known), runId: RUN });
  const grade = async (): Promise<never> => {
    throw new UserError('path-missing', 'There are no answers.', 'Build them.');
  };
  const evaluator = { grade } as unknown as Parameters<typeof createPackageRun>[0]['evaluator'];
  const packageRun = createPackageRun({ store, evaluator });
  const input = { runId: RUN, choice: null, refits: [], reason: 'the end' };
  await packageRun(input);
  await packageRun(input);
  return store;
}

const taught = (store: MemoryStore): Promise<readonly Lesson[]> =>
  store.lessons.recall(TRAITS, { except: LATER, limit: 9 });

test('a run that ends leaves its lessons, once', async () => {
  const lessons = await taught(await finished());
  expect(lessons.map(({ id, kind, text }) => [id, kind, text])).toEqual([
    [`${RUN}/n6`, 'best', 'CatBoost, native categories'],
  ]);
});

test('a run whose settings say so leaves none, nor does one with private answers', async () => {
  const { config, source } = (await memoryStore().runs.find(RUN)) as RunRecord;
  expect(await taught(await finished({ config: { ...config, lessons: false } }))).toEqual([]);
  expect(await taught(await finished({ source: { ...source, privateFolder: '/answers' } }))).toEqual([]);
});

test('a later run is told them by the draw of its seed, never its own', async () => {
  const store = await finished();
  const first = (await store.runs.find(RUN)) as RunRecord;
  const config = {
    ...first.config,
    author: 'llm' as const,
    model: { name: 'stub' } as NonNullable<RunRecord['config']['model']>,
  };
  await store.runs.save({ ...first, config });
  await store.runs.save({ ...first, config, runId: LATER });
  const told: (AuthorTools['history'] | undefined)[] = [];
  const author: Author = {
    name: 'llm',
    propose: async (_request, tools) => {
      told.push(tools?.history);
      const cost = { seconds: 0, gpuSeconds: 0, usd: 0, tokens: 0, executions: 0 };
      return { kind: 'none', reason: 'exhausted', message: 'enough', cost };
    },
  };
  const knowledge = { recall: async () => [], entry: async () => undefined, credit: async () => undefined };
  const propose = createProposeNode({ store, authorFor: () => author, modelFor: () => ({}) as never, knowledge });
  const ask = (runId: RunId, node: number, seed: number) => {
    const input: ProposeInput = {
      runId,
      nodeId: nodeIdOf(node),
      operator: 'draft',
      seed,
      references: [],
      siblings: [],
      best: [],
      hints: [],
      runSeconds: 30,
    };
    return new MockActivityEnvironment().run(propose, input);
  };
  await ask(LATER, 21, 5);
  await ask(LATER, 22, 900);
  await ask(RUN, 23, 5);
  expect(told.map((history) => history?.lessons.length)).toEqual([1, 0, 0]);
  expect(told[0]?.nodes.length).toBe(2);
});
