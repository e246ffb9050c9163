/**
 * Suites on a real server: competitions times seeds with scripted programs. Runs are children that outlive the links of their suite's
 * chain and the death of the worker; each starts once, and the table tells of all of them at any time.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client, Connection, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { type RunId, runIdOf } from '../../src/domain/ids.js';
import { ModelSettings, type RunConfig } from '../../src/domain/run-config.js';
import type { RunStatus } from '../../src/domain/run-status.js';
import type { SuiteItem, SuiteLimits, SuiteStatus } from '../../src/domain/suite.js';
import { TASK_QUEUES } from '../../src/workflows/queues.js';
import type { SuiteInput, suiteWorkflow } from '../../src/workflows/suite.js';
import { LOST_USD, scriptedInput } from '../support/scripted-activities.js';
import { bundleWorkflows } from '../support/temporal-bundle.js';
import { killed, startTemporal, type TemporalServer } from '../support/temporal-server.js';
import { compileWorker, startWorker } from '../support/temporal-worker.js';

const DAY = new Date('2026-11-21T00:00:00Z');

let server: TemporalServer;
let folder: string;
let program: string;
let codePath: string;
let worker: ChildProcess;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'automlgen-suite-'));
  program = compileWorker(folder);
  ({ codePath } = await bundleWorkflows());
  server = await startTemporal();
  worker = await newWorker();
  connection = await Connection.connect({ address: server.address });
  client = new Client({ connection });
}, 120_000);

afterAll(async () => {
  await connection.close();
  await killed(worker);
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

function newWorker(): Promise<ChildProcess> {
  const scripted = { baseMs: 150, spreadMs: 150, slow: {}, failing: 0 };
  return startWorker(program, { address: server.address, codePath, folder: join(folder, 'runs'), ...scripted });
}

interface Plan {
  readonly name: string;
  readonly limits: SuiteLimits;
  readonly runs: number;
  readonly executions?: number;
  readonly continueAsNewEvents?: number;
  readonly config?: Partial<RunConfig>;
}

async function begin(plan: Plan): Promise<WorkflowHandle<typeof suiteWorkflow>> {
  const { source, config } = scriptedInput(
    { slots: 1, executions: plan.executions ?? 3, budgetMs: 3_600_000 },
    plan.config,
  );
  const items = Array.from({ length: plan.runs }, (_, n): SuiteItem => {
    const [competition, seed] = [`c${n % 3}`, 1 + Math.floor(n / 3)];
    const runId = runIdOf(`${plan.name}-${competition}`, DAY, `aaaaa${seed}`);
    return { runId, competition, seed, source, splitSeed: seed, searchSeed: seed, resultsFolder: join(folder, runId) };
  });
  const suiteId = `suite-${plan.name}-20261121-abcdef`;
  const input: SuiteInput = {
    suiteId,
    title: plan.name,
    config,
    limits: plan.limits,
    items,
    folder: join(folder, suiteId),
    ...(plan.continueAsNewEvents !== undefined && { continueAsNewEvents: plan.continueAsNewEvents }),
  };
  return client.workflow.start<typeof suiteWorkflow>('suiteWorkflow', {
    workflowId: suiteId,
    taskQueue: TASK_QUEUES.search,
    args: [input],
  });
}

const status = (handle: WorkflowHandle): Promise<SuiteStatus> => handle.query<SuiteStatus>('suite');

async function until(handle: WorkflowHandle, holds: (status: SuiteStatus) => boolean): Promise<SuiteStatus> {
  const deadline = Date.now() + 40_000;
  for (;;) {
    const now = await status(handle).catch(() => undefined);
    if (now !== undefined && holds(now)) return now;
    if (Date.now() > deadline) throw new Error(`It never came to that: ${JSON.stringify(now?.rows)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Until a run can be told what to do. */
async function searching(run: WorkflowHandle | undefined): Promise<void> {
  while ((await run?.query<RunStatus>('status').catch(() => undefined))?.phase !== 'searching') {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const count = (now: SuiteStatus, state: string): number => now.rows.filter((row) => row.state === state).length;

/** Runs of a suite that were made known to the store, with repeats. */
function enrolled(name: string): readonly string[] {
  const lines = readFileSync(join(folder, 'runs', 'enrolled'), 'utf8')
    .trim()
    .split('\n');
  return lines.filter((line) => line.startsWith(`${name}-`));
}

describe('a suite', () => {
  test('runs everything once, never more at a time than allowed, over links of its chain and a killed worker', async () => {
    const handle = await begin({ name: 'whole', limits: { parallel: 2 }, runs: 6, continueAsNewEvents: 30 });
    const watched: number[] = [];
    const half = await until(handle, (now) => {
      watched.push(count(now, 'running'));
      return count(now, 'done') >= 2;
    });
    expect(half.rows.find((row) => row.state === 'done')?.result).toMatchObject({ folder: '/results' });
    await killed(worker);
    worker = await newWorker();
    const { rows } = await handle.result();
    expect(rows.map((row) => [row.competition, row.seed, row.state])).toEqual([
      ['c0', 1, 'done'],
      ['c1', 1, 'done'],
      ['c2', 1, 'done'],
      ['c0', 2, 'done'],
      ['c1', 2, 'done'],
      ['c2', 2, 'done'],
    ]);
    expect(rows.every((row) => row.result?.estimate !== null && (row.nodes?.valid ?? 0) === 3)).toBe(true);
    expect(Math.max(...watched)).toBe(2);
    expect(new Set(enrolled('whole')).size).toBe(6);
    const links = [];
    for await (const link of client.workflow.list({ query: `WorkflowId = '${handle.workflowId}'` })) links.push(link);
    expect(links.length).toBeGreaterThan(1);
    const written = JSON.parse(readFileSync(join(folder, handle.workflowId, 'suite.json'), 'utf8')) as SuiteStatus;
    expect(written.rows).toEqual(rows);
  }, 120_000);

  test('that is stopped waits for what runs and tells what never began', async () => {
    const handle = await begin({ name: 'stopped', limits: { parallel: 1 }, runs: 3 });
    await until(handle, (now) => count(now, 'running') === 1);
    expect((await handle.executeUpdate<SuiteStatus, []>('stop')).phase).toBe('stopping');
    const { rows } = await handle.result();
    expect(rows.map((row) => row.state)).toEqual(['done', 'skipped', 'skipped']);
    expect(rows[1]?.message).toBe('The suite was stopped.');
  }, 60_000);

  test('notices a run that was terminated, in its own link and in a later one', async () => {
    const handle = await begin({
      name: 'lost',
      limits: { parallel: 3 },
      runs: 3,
      executions: 200,
      continueAsNewEvents: 40,
    });
    const now = await until(handle, (at) => count(at, 'running') === 3);
    const [first, second, third] = now.rows.map((row) => client.workflow.getHandle(row.runId));
    for (const run of [first, second, third]) await searching(run);
    await first?.terminate('test');
    await until(handle, (at) => count(at, 'lost') === 1);
    await second?.executeUpdate('finish');
    await third?.executeUpdate('finish');
    const { rows } = await handle.result();
    expect(rows.map((row) => row.state)).toEqual(['lost', 'done', 'done']);
  }, 60_000);

  test('charges a run that was terminated with what its ledger says, and begins nothing that the rest cannot pay', async () => {
    const model = ModelSettings.parse({ name: 'm' });
    const handle = await begin({
      name: 'charged',
      limits: { parallel: 1, usd: 10 },
      runs: 3,
      executions: 200,
      config: { author: 'mixed', model, caps: { usd: 4 } },
    });
    const now = await until(handle, (at) => count(at, 'running') === 1);
    const first = client.workflow.getHandle(now.rows[0]?.runId ?? '');
    await searching(first);
    await first.terminate('test');
    const { rows } = await handle.result();
    expect(rows.map((row) => [row.state, row.spent?.usd])).toEqual([
      ['lost', LOST_USD],
      ['skipped', undefined],
      ['skipped', undefined],
    ]);
    expect(rows[1]?.message).toContain('10 US dollars');
    expect((await status(handle)).spentUsd).toBe(LOST_USD);
    const closed = readFileSync(join(folder, 'runs', 'closed'), 'utf8')
      .trim()
      .split('\n');
    expect(closed).toEqual([now.rows[0]?.runId]);
  }, 60_000);

  test('that is cancelled cancels its runs, each with its results, and writes the table', async () => {
    const handle = await begin({ name: 'cancelled', limits: { parallel: 2 }, runs: 3, executions: 500 });
    const now = await until(handle, (at) => count(at, 'running') === 2);
    for (const row of now.rows.slice(0, 2)) await searching(client.workflow.getHandle(row.runId));
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
    const written = JSON.parse(readFileSync(join(folder, handle.workflowId, 'suite.json'), 'utf8')) as SuiteStatus;
    expect(written.rows.map((row) => row.state)).toEqual(['cancelled', 'cancelled', 'skipped']);
    expect(written.rows[0]?.result?.folder).toBe('/results');
    const { status: state } = await client.workflow.getHandle(written.rows[0]?.runId as RunId).describe();
    expect(state.name).toBe('CANCELLED');
  }, 60_000);

  test('that is cancelled while a run is being started waits for nobody', async () => {
    const handle = await begin({ name: 'early', limits: { parallel: 3 }, runs: 3, executions: 500 });
    await until(handle, (now) => count(now, 'running') > 0);
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
    const written = JSON.parse(readFileSync(join(folder, handle.workflowId, 'suite.json'), 'utf8')) as SuiteStatus;
    expect(written.rows.every((row) => row.state === 'cancelled' || row.state === 'skipped')).toBe(true);
  }, 60_000);

  test('refuses an impossible number of runs without an event', async () => {
    const handle = await begin({ name: 'refused', limits: { parallel: 1 }, runs: 1, executions: 8 });
    await until(handle, (now) => count(now, 'running') === 1);
    await expect(handle.executeUpdate('setParallel', { args: [0] })).rejects.toThrow();
    await handle.executeUpdate('setParallel', { args: [3] });
    expect((await status(handle)).parallel).toBe(3);
    await handle.result();
    const { events } = await handle.fetchHistory();
    expect(events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toHaveLength(1);
  }, 60_000);
});
