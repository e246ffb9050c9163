/** The janitor stops what nobody waits for, and nothing else: a server that has forgotten a run must not keep it from its work. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { ExecutionId } from '../../../src/domain/ids.js';
import type { Executor } from '../../../src/execution/port.js';
import type { Ledger } from '../../../src/store/ledger.js';
import { startJanitor, sweepExecutions } from '../../../src/worker/janitor.js';

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

test.each(['PAUSED', 'UNKNOWN', 'CONTINUED_AS_NEW'])('a run that is %s has not ended', async (status) => {
  const report = await sweepExecutions(executorOf('run'), ledger, clientOf({ run: status }));
  expect(report.kept).toEqual(['run']);
});

test('a sweep that does not end keeps nobody from closing', async () => {
  const janitor = startJanitor({ sweep: () => new Promise(() => undefined), log: () => undefined, patienceMs: 30 });
  const began = Date.now();
  await janitor.close();
  expect(Date.now() - began).toBeLessThan(3_000);
});

test('one question per run, however many executions it has', async () => {
  let questions = 0;
  const client = clientOf({});
  const counting = {
    workflow: {
      getHandle: (runId: string) => {
        questions += 1;
        return client.workflow.getHandle(runId);
      },
    },
  } as unknown as Client;
  const oneRun = { runOf: async () => 'run' } as unknown as Ledger;
  const report = await sweepExecutions(executorOf('a', 'b', 'c'), oneRun, counting);
  expect(report.removed).toEqual(['a', 'b', 'c']);
  expect(questions).toBe(1);
});

test('sweeps at its start, every so often and when asked, one at a time, also after a failure; closed, it rests', async () => {
  let [sweeps, atOnce, most] = [0, 0, 0];
  const said: string[] = [];
  const janitor = startJanitor({
    sweep: async () => {
      sweeps += 1;
      atOnce += 1;
      most = Math.max(most, atOnce);
      await sleep(30);
      atOnce -= 1;
      if (sweeps === 1) throw new Error('unavailable');
      return { removed: ['left' as ExecutionId], kept: [], failed: [] };
    },
    log: (message) => said.push(message),
    everyMs: 100_000,
    soonMs: 10,
  });
  for (let turn = 0; turn < 500 && said.length < 1; turn += 1) await sleep(10);
  expect(said).toEqual(['the janitor failed']);
  expect(sweeps).toBe(1);
  janitor.soon();
  janitor.soon();
  for (let turn = 0; turn < 500 && said.length < 2; turn += 1) await sleep(10);
  expect(said).toEqual(['the janitor failed', 'removed executions of ended runs']);
  expect(sweeps).toBe(2);
  janitor.soon();
  await janitor.close();
  await sleep(60);
  expect([sweeps, most]).toEqual([2, 1]);

  let times = 0;
  const regular = startJanitor({
    sweep: async () => {
      times += 1;
      return { removed: [], kept: [], failed: [] };
    },
    log: (message) => said.push(message),
    everyMs: 20,
  });
  for (let turn = 0; turn < 500 && times < 3; turn += 1) await sleep(10);
  await regular.close();
  expect(times).toBeGreaterThanOrEqual(3);
});
