/** What two attempts, or two workers, may do to the same node on a real database: the first program stays, and none stands twice in a run. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BlobId, nodeIdOf, type RunId, runIdOf } from '../../src/domain/ids.js';
import type { NodeRecord } from '../../src/store/nodes.js';
import { type ScratchStore, scratchStore } from '../support/scratch-store.js';

let scratch: ScratchStore;
beforeAll(async () => {
  scratch = await scratchStore();
}, 300_000);
afterAll(() => scratch.close());

let runs = 0;
const newRun = (): RunId => {
  runs += 1;
  return runIdOf('proposals', new Date(0), `aaaaa${runs}`);
};
const record = (runId: RunId, node: number, program: string): NodeRecord => ({
  ...{ runId, nodeId: nodeIdOf(node), operator: 'draft', references: [], seed: 1, changes: [], knowledge: [] },
  programRef: BlobId.parse(program.repeat(64)),
  planRef: BlobId.parse('0'.repeat(64)),
  ...{ fingerprint: program.repeat(64), family: 'x', summary: program, knowledgeOffered: false },
});

test('an attempt that was thought dead does not replace the program that is being scored', async () => {
  const { nodes } = scratch.store;
  const runId = newRun();
  expect(await nodes.propose(record(runId, 1, 'a'))).toMatchObject({ summary: 'a' });
  expect(await nodes.propose(record(runId, 1, 'b'))).toMatchObject({ summary: 'a' });
  expect(await nodes.find(runId, nodeIdOf(1))).toMatchObject({ summary: 'a', programRef: 'a'.repeat(64) });
  // What it did not come to stays free for others.
  expect(await nodes.propose(record(runId, 2, 'b'))).toMatchObject({ summary: 'b' });
});

test('of many writers at once with the same program one node gets it, in each run anew', async () => {
  const { nodes } = scratch.store;
  for (const runId of [newRun(), newRun()]) {
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map((node) => nodes.propose(record(runId, node, 'c'))));
    expect(answers.filter((kept) => kept !== undefined)).toHaveLength(1);
    expect(await nodes.ofRun(runId)).toHaveLength(1);
  }
});

test('a view that was settled before is kept beside the program', async () => {
  const { nodes } = scratch.store;
  const runId = newRun();
  const view = BlobId.parse('9'.repeat(64));
  await nodes.settleView(runId, nodeIdOf(1), view);
  expect(await nodes.propose(record(runId, 1, 'd'))).toMatchObject({ viewRef: view, summary: 'd' });
});
