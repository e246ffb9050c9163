/** Runs and events on a real server: found by the beginning of a name, read in the order of the search. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NodeId, RunId } from '../../src/domain/ids.js';
import type { SearchEvent } from '../../src/domain/run-event.js';
import { memoryStore, RUN } from '../support/memory-store.js';
import { type ScratchStore, scratchStore } from '../support/scratch-store.js';

let scratch: ScratchStore;
beforeAll(async () => {
  scratch = await scratchStore();
}, 300_000);
afterAll(() => scratch.close());

test('runs are found by the beginning of their ids, latest names first, and no more than asked for', async () => {
  const { runs } = scratch.store;
  const first = await memoryStore().runs.find(RUN);
  if (!first) throw new Error('The store in memory has no run.');
  const ids = [
    'a-20260101-aaaaaa',
    'a-20260101-bbbbbb',
    'a-20260102-aaaaaa',
    'a.b-20260101-aaaaaa',
    'b-20260101-aaaaaa',
  ];
  for (const id of ids) await runs.save({ ...first, runId: id as RunId });
  const found = async (prefix: string, limit = 6) =>
    (await runs.beginningWith(prefix, limit)).map(({ runId }) => runId);
  expect(await found('a-20260101')).toEqual(['a-20260101-bbbbbb', 'a-20260101-aaaaaa']);
  expect(await found('a-', 2)).toEqual(['a-20260102-aaaaaa', 'a-20260101-bbbbbb']);
  expect(await found('b-20260101-aaaaaa')).toEqual(['b-20260101-aaaaaa']);
  expect(await found('a.')).toEqual(['a.b-20260101-aaaaaa']);
  expect([await found('.'), await found('a-2$'), await found('c')]).toEqual([[], [], []]);
});

test('events are read in the order of the search, however they were written, also beyond ten millions', async () => {
  const { events } = scratch.store;
  const run = RunId.parse('one-20260101-aaaaaa');
  const event = (node: number): SearchEvent => ({ kind: 'blocked', nodeId: NodeId.parse(`n${node}`) }) as never;
  await events.append(run, 9_999_998, [event(1), event(2), event(3), event(4)]);
  await events.append(run, 40, [event(7), event(8)]);
  await events.append(run, 9_999_999, [event(2), event(3)]);
  await events.append(RunId.parse('two-20260101-aaaaaa'), 1, [event(5)]);
  expect((await events.read(run)).map((each) => (each as { nodeId?: string }).nodeId)).toEqual([
    'n7',
    'n8',
    'n1',
    'n2',
    'n3',
    'n4',
  ]);
});
