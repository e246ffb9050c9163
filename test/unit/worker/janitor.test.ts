/** The janitor stops what nobody waits for, and nothing else: a server that has forgotten a run must not keep it from its work. */
import { expect, test } from '@jest/globals';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { ExecutionId } from '../../../src/domain/ids.js';
import type { Executor } from '../../../src/execution/port.js';
import type { Ledger } from '../../../src/store/ledger.js';
import { sweepExecutions } from '../../../src/worker/janitor.js';

/** By run: what the server says of it; a run that is not named is unknown to it. */
function clientOf(states: Readonly<Record<string, string | Error>>): Client {
  const describe = async (runId: string): Promise<unknown> => {
    const state = states[runId] ?? new WorkflowNotFoundError('workflow not found', runId, undefined);
    if (state instanceof Error) throw state;
    return { status: { name: state } };
  };
  return { workflow: { getHandle: (runId: string) => ({ describe: () => describe(runId) }) } } as unknown as Client;
}

/** Executions named after their runs; those of `stranger` are in no ledger. */
const ledger = {
  runOf: async (id: string) => (id === 'stranger' ? undefined : id),
} as unknown as Ledger;

function executorOf(...ids: string[]): Executor {
  const sweep: Executor['sweep'] = async (isLive) => {
    const removed: ExecutionId[] = [];
    const kept: ExecutionId[] = [];
    for (const id of ids as ExecutionId[]) ((await isLive(id)) ? kept : removed).push(id);
    return { removed, kept, failed: [] };
  };
  return { sweep } as Executor;
}

test('what runs or belongs to somebody else is kept; what was ended or forgotten is removed', async () => {
  const client = clientOf({ running: 'RUNNING', terminated: 'TERMINATED', done: 'COMPLETED' });
  const executor = executorOf('forgotten', 'running', 'terminated', 'stranger', 'done');
  expect(await sweepExecutions(executor, ledger, client)).toEqual({
    removed: ['forgotten', 'terminated', 'done'],
    kept: ['running', 'stranger'],
    failed: [],
  });
});

test('a server that does not answer is no reason to stop anything', async () => {
  const client = clientOf({ running: new Error('unavailable') });
  await expect(sweepExecutions(executorOf('running'), ledger, client)).rejects.toThrow('unavailable');
});
