import { expect, test } from '@jest/globals';
import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ExecuteInput, ExecuteResult } from '../../../src/activities/contract.js';
import { createExecuteNode } from '../../../src/activities/execute.js';
import type { ExecutionSpec } from '../../../src/domain/execution-spec.js';
import { blobIdOf, type ExecutionId, nodeIdOf } from '../../../src/domain/ids.js';
import type { Outcome } from '../../../src/domain/outcome.js';
import type { Executor } from '../../../src/execution/port.js';
import { memoryStore, RUN } from '../../support/memory-store.js';

const OUTCOME: Outcome = {
  kind: 'finished',
  message: 'finished in 1.5 s',
  seconds: 1.5,
  cpuSeconds: 1.2,
  gpuSeconds: 0,
  peakMemoryMiB: 90,
  milestones: 7,
  viewSeconds: { fold1: 1.5 },
  stdoutTail: '',
  stderrHead: '',
  stderrTail: '',
  files: [],
};
const INPUT: ExecuteInput = {
  runId: RUN,
  nodeId: nodeIdOf(1),
  programRef: blobIdOf('print(1)'),
  attempt: '1',
  views: ['fold1'],
  runSeconds: 30,
};

/** Ends every execution with `outcome`, or never when there is none; keeps what it was asked for. */
function fakeExecutor(outcome?: Outcome) {
  const asked = { submitted: [] as ExecutionSpec[], cancelled: [] as ExecutionId[], released: [] as ExecutionId[] };
  const executor = {
    submit: async (spec) => {
      asked.submitted.push(spec);
      return { id: spec.id, adopted: false };
    },
    wait: (_handle, options) =>
      outcome
        ? Promise.resolve(outcome)
        : new Promise((_resolve, reject) => {
            options?.signal?.addEventListener('abort', () => reject(new Error('stopped waiting')));
          }),
    cancel: async (id) => void asked.cancelled.push(id),
    release: async (id) => void asked.released.push(id),
  } satisfies Pick<Executor, 'submit' | 'wait' | 'cancel' | 'release'>;
  return { asked, executor: executor as unknown as Executor };
}

test('a finished program is stored, charged and forgotten by the executor, in this order', async () => {
  const store = memoryStore();
  const { asked, executor } = fakeExecutor(OUTCOME);
  const result: ExecuteResult = await new MockActivityEnvironment().run(createExecuteNode({ store, executor }), INPUT);
  expect(result).toMatchObject({ kind: 'ran', cost: { seconds: 1.5, executions: 1 } });
  expect(asked.submitted[0]).toMatchObject({ views: [{ name: 'fold1', input: '/views/fold1' }], network: 'none' });
  expect(asked.released).toEqual([result.executionId]);
  expect(store.saved.ledger.get(result.executionId)?.cost.seconds).toBe(1.5);
});

test('a repeated attempt finds the stored result and runs nothing', async () => {
  const store = memoryStore();
  const { asked, executor } = fakeExecutor(OUTCOME);
  const execute = createExecuteNode({ store, executor });
  const first = await new MockActivityEnvironment().run(execute, INPUT);
  const second = await new MockActivityEnvironment().run(execute, INPUT);
  expect(second).toEqual(first);
  expect(asked.submitted).toHaveLength(1);
  expect(store.saved.ledger.size).toBe(1);
});

test('a second part of the same node is not a second execution of the budget', async () => {
  const { executor } = fakeExecutor(OUTCOME);
  const input = { ...INPUT, attempt: '1-folds', views: ['fold2'] };
  const result: ExecuteResult = await new MockActivityEnvironment().run(
    createExecuteNode({ store: memoryStore(), executor }),
    input,
  );
  expect(result.cost.executions).toBe(0);
});

test('the failure of a program is a result that names its class; trouble of the machine is another kind', async () => {
  const failed = fakeExecutor({ ...OUTCOME, kind: 'memory', message: 'used 5 GiB of 1 GiB', milestones: 3 });
  const lost = fakeExecutor({ ...OUTCOME, kind: 'infrastructure', cause: 'supervisor-lost', message: 'gone' });
  const run = ({ executor }: typeof failed) =>
    new MockActivityEnvironment().run(createExecuteNode({ store: memoryStore(), executor }), INPUT);
  expect(await run(failed)).toMatchObject({ kind: 'failed', failure: 'memory', milestones: 3 });
  expect(await run(lost)).toMatchObject({ kind: 'infrastructure', cause: 'supervisor-lost' });
});

test.each([
  ['cancelRequested', true],
  ['notFound', false],
  ['workerShutdown', false],
  ['timedOut', false],
] as const)('%s: the program is stopped: %s', async (reason, stops) => {
  const { asked, executor } = fakeExecutor();
  const environment = new MockActivityEnvironment();
  let abandoned = 0;
  const onAbandoned = (): void => {
    abandoned += 1;
  };
  const running = environment.run(createExecuteNode({ store: memoryStore(), executor, onAbandoned }), INPUT);
  const ended = expect(running).rejects.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 50));
  environment.cancel('CANCELLED', new ActivityCancellationDetails({ [reason]: true }));
  await ended;
  expect(asked.cancelled).toHaveLength(stops ? 1 : 0);
  // What is left alone, the janitor looks after: its run may have ended.
  expect(abandoned).toBe(stops ? 0 : 1);
  expect(asked.released).toHaveLength(0);
});
