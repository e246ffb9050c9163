import { expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ProposeInput } from '../../../src/activities/contract.js';
import { createProposeNode } from '../../../src/activities/propose.js';
import type { Author, ProposalRequest } from '../../../src/authors/port.js';
import type { Evaluation } from '../../../src/domain/evaluation.js';
import { executionIdOf, nodeIdOf } from '../../../src/domain/ids.js';
import type { Outcome } from '../../../src/domain/outcome.js';
import type { Proposal } from '../../../src/domain/proposal.js';
import type { KnowledgeBase, RecallRequest } from '../../../src/knowledge/port.js';
import { type MemoryStore, memoryStore, RUN } from '../../support/memory-store.js';

const FREE = { seconds: 0, gpuSeconds: 0, usd: 0, tokens: 0, executions: 0 };

const ENDED: Outcome = {
  kind: 'finished',
  message: '',
  seconds: 1,
  cpuSeconds: 1,
  gpuSeconds: 0,
  peakMemoryMiB: 10,
  milestones: 7,
  viewSeconds: {},
  stdoutTail: '',
  stderrHead: '',
  stderrTail: '',
  files: [],
};
const SCORED: Evaluation = {
  kind: 'valid',
  score: { value: 2, standardError: 0.1, rows: 10, direction: 'minimise', source: 'folds' },
  versus: {},
  complement: [],
  fragile: false,
  next: [],
  complete: true,
};

const unasked = (): never => {
  throw new Error('No model should be asked.');
};

function world(store: MemoryStore, programs: readonly string[]) {
  const requests: ProposalRequest[] = [];
  const recalls: RecallRequest[] = [];
  const author: Author = {
    name: 'composer',
    async propose(request): Promise<Proposal> {
      const program = programs[requests.length];
      requests.push(request);
      if (program === undefined) return { kind: 'none', reason: 'exhausted', message: 'no more', cost: FREE };
      return {
        kind: 'program',
        program,
        plan: { model: 'ridge' },
        summary: program,
        changes: [],
        family: 'linear',
        knowledge: ['model.linear.ridge'],
        cost: FREE,
      };
    },
  };
  const knowledge: KnowledgeBase = {
    recall: async (request) => {
      recalls.push(request);
      return [];
    },
    entry: async () => undefined,
    credit: async () => undefined,
  };
  const propose = createProposeNode({ store, authorFor: () => author, modelFor: unasked, knowledge });
  return { requests, recalls, propose: (input: ProposeInput) => new MockActivityEnvironment().run(propose, input) };
}

const input = (node: number, more: Partial<ProposeInput> = {}): ProposeInput => ({
  runId: RUN,
  nodeId: nodeIdOf(node),
  operator: 'draft',
  seed: 5,
  references: [],
  siblings: [],
  best: [],
  hints: [],
  runSeconds: 30,
  ...more,
});

test('a program is stored before it is answered, and the same request meets it again', async () => {
  const store = memoryStore();
  const { propose, requests } = world(store, ['x = 1']);
  const first = await propose(input(1));
  expect(first).toMatchObject({ kind: 'proposed', family: 'linear', summary: 'x = 1' });
  expect(await propose(input(1))).toEqual(first);
  expect(requests).toHaveLength(1);
});

test('a program that differs in comments only is refused as a duplicate', async () => {
  const { propose } = world(memoryStore(), ['x = 1', '# again\nx = 1\n']);
  await propose(input(1));
  expect(await propose(input(2))).toMatchObject({ kind: 'rejected', reason: 'duplicate' });
  expect(await propose(input(3))).toMatchObject({ kind: 'rejected', reason: 'exhausted' });
});

test('the author sees parent, references and siblings in the order of the search, with their outcomes', async () => {
  const store = memoryStore();
  const { propose, requests } = world(store, ['a = 1', 'b = 1', 'c = 1']);
  await propose(input(1));
  await propose(input(2));
  await propose(
    input(3, {
      operator: 'fuse',
      parent: nodeIdOf(1),
      references: [nodeIdOf(2)],
      siblings: [nodeIdOf(2), nodeIdOf(1)],
    }),
  );
  const [, , request] = requests;
  expect(request?.parent).toMatchObject({ nodeId: 'n1', program: 'a = 1', plan: { model: 'ridge' } });
  expect(request?.references.map((known) => known.nodeId)).toEqual(['n2']);
  expect(request?.siblings.map((known) => known.nodeId)).toEqual(['n2', 'n1']);
  expect(request?.taken.size).toBe(2);
});

test('authors hear how a program ended, not how machines and refits did', async () => {
  const store = memoryStore();
  const { propose, requests } = world(store, ['a = 1', 'b = 1', 'c = 1', 'd = 1', 'e = 1']);
  for (const node of [1, 2, 3, 4]) await propose(input(node));
  const tried = async (node: number, attempt: string, kind: Outcome['kind']): Promise<void> => {
    const outcome: Outcome = { ...ENDED, kind, message: `${attempt} ${kind}` };
    const { message, seconds, cpuSeconds, peakMemoryMiB } = outcome;
    await store.nodes.saveExecution(RUN, nodeIdOf(node), {
      executionId: executionIdOf(RUN, nodeIdOf(node), attempt),
      attempt,
      outcomeRef: await store.blobs.save(JSON.stringify(outcome)),
      kind,
      message,
      seconds,
      cpuSeconds,
      peakMemoryMiB,
    });
  };
  await tried(1, '1', 'infrastructure');
  await tried(2, '1', 'memory');
  await tried(2, '2', 'infrastructure');
  await tried(3, '2-folds', 'timeout');
  await tried(3, '4', 'finished');
  await tried(4, '1', 'finished');
  await tried(4, 'refit-2', 'memory');
  for (const node of [3, 4]) await store.nodes.save({ runId: RUN, nodeId: nodeIdOf(node), evaluation: SCORED });
  await propose(input(5, { operator: 'fuse', siblings: [1, 2, 3, 4].map(nodeIdOf) }));
  expect(requests.at(-1)?.siblings.map(({ status, outcome }) => [status, outcome?.message])).toEqual([
    [undefined, undefined],
    ['failed', '1 memory'],
    ['valid', '4 finished'],
    ['valid', '1 finished'],
  ]);
  expect(requests.at(-1)?.siblings.map(({ score }) => score?.value)).toEqual([undefined, undefined, 2, 2]);
});

test('knowledge is offered by the draw of the seed, and always for debug', async () => {
  const { propose, recalls } = world(memoryStore(), ['a', 'b', 'c']);
  await propose(input(1, { seed: 799 }));
  await propose(input(2, { seed: 801 }));
  expect(recalls.map((recall) => recall.operator)).toEqual(['draft']);
  await propose(input(3, { seed: 801, operator: 'debug', parent: nodeIdOf(1) }));
  expect(recalls.map((recall) => recall.operator)).toEqual(['draft', 'debug']);
});

test('a person’s program is stored as it is, asks nobody, and is refused when it was run before', async () => {
  const store = memoryStore();
  const { propose, requests } = world(store, ['x = 1']);
  const added = { programRef: await store.blobs.save('y = 2\n'), summary: 'mine', family: 'ridge' };
  const answer = await propose(input(1, { added }));
  expect(answer).toMatchObject({ kind: 'proposed', programRef: added.programRef, family: 'ridge', summary: 'mine' });
  expect(requests).toHaveLength(0);
  expect(await store.nodes.find(RUN, nodeIdOf(1))).toMatchObject({ summary: 'mine', knowledge: [] });
  expect(await propose(input(2, { added }))).toMatchObject({ kind: 'rejected', reason: 'duplicate' });
});

test('of two proposals side by side that come to the same program, one is stored', async () => {
  const store = memoryStore();
  const { propose } = world(store, ['x = 1', 'x = 1  \n']);
  const answers = await Promise.all([propose(input(1)), propose(input(2))]);
  expect(answers).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'proposed' }),
      expect.objectContaining({ kind: 'rejected', reason: 'duplicate' }),
    ]),
  );
  expect(await store.nodes.ofRun(RUN)).toHaveLength(1);
});
