/**
 * A run on a real server with a worker in a process of its own; the worker, and then the server, are killed (−9) while a program runs.
 *
 * The final graph must equal that of an undisturbed run. That is meaningful because the script leaves nothing to timing: one slot, answers
 * that depend on the node alone, costs as scripted instead of as measured, and a time budget so large that its share never decides.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import type { RunId } from '../../src/domain/ids.js';
import type { GraphPage, RunStatus } from '../../src/domain/run-status.js';
import type { competitionWorkflow } from '../../src/workflows/competition.js';
import { TASK_QUEUES } from '../../src/workflows/queues.js';
import { scriptedInput } from '../support/scripted-activities.js';
import { bundleWorkflows } from '../support/temporal-bundle.js';
import { killed, startTemporal, type TemporalServer } from '../support/temporal-server.js';
import { compileWorker, startWorker } from '../support/temporal-worker.js';

/** Nodes of each run, and the one that runs long enough to be killed under. */
const NODES = 8;
const SLOW = { n4: 6_000 };

let server: TemporalServer;
let folder: string;
let program: string;
let codePath: string;
let worker: ChildProcess;
let connection: Connection;
let client: Client;
let undisturbed: GraphPage;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'automlgen-kills-'));
  program = compileWorker(folder);
  ({ codePath } = await bundleWorkflows());
  server = await startTemporal();
  worker = await newWorker();
  await connect();
  const handle = await start('undisturbed-20261121-aaaaaa');
  await handle.result();
  undisturbed = await handle.query('graph');
}, 120_000);

afterAll(async () => {
  await connection.close();
  await killed(worker);
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

function newWorker(): Promise<ChildProcess> {
  const scripted = { baseMs: 150, spreadMs: 200, slow: SLOW, failing: 0.2 };
  return startWorker(program, { address: server.address, codePath, folder: join(folder, 'runs'), ...scripted });
}

async function connect(): Promise<void> {
  connection = await Connection.connect({ address: server.address });
  client = new Client({ connection });
}

type Handle = WorkflowHandle<typeof competitionWorkflow>;

function start(runId: string): Promise<Handle> {
  const input = scriptedInput({ slots: 1, executions: NODES, budgetMs: 10 * 3_600_000 }, {}, runId as RunId);
  return client.workflow.start<typeof competitionWorkflow>('competitionWorkflow', {
    workflowId: runId,
    taskQueue: TASK_QUEUES.search,
    args: [input],
  });
}

/** Lines that the executions of a run have left: `start`, `adopt` and `end`, with node and attempt. */
function log(runId: string): readonly string[] {
  try {
    return readFileSync(join(folder, 'runs', runId, 'log'), 'utf8')
      .trim()
      .split('\n');
  } catch {
    return [];
  }
}

/** Milliseconds until the run's log has a line. */
async function until(runId: string, line: string, limitMs: number): Promise<number> {
  const startMs = Date.now();
  while (!log(runId).includes(line)) {
    if (Date.now() - startMs > limitMs)
      throw new Error(`No "${line}" within ${limitMs} ms; the log is ${log(runId).join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return Date.now() - startMs;
}

function expectUndisturbed(runId: string, graph: GraphPage): void {
  expect(graph).toEqual(undisturbed);
  const lines = log(runId);
  const ends = lines.filter((line) => line.startsWith('end '));
  const starts = lines.filter((line) => line.startsWith('start '));
  expect(new Set(starts).size).toBe(starts.length);
  expect(new Set(ends).size).toBe(ends.length);
  expect(starts).toHaveLength(NODES + 1);
  expect(ends).toHaveLength(NODES + 1);
  const events = readdirSync(join(folder, 'runs', runId)).filter((name) => name.startsWith('event-'));
  expect(events.length).toBeGreaterThan(5 * NODES);
}

describe('a killed', () => {
  test('worker: another one adopts the running program within 15 seconds', async () => {
    const runId = 'worker-killed-20261121-bbbbbb';
    const handle = await start(runId);
    await until(runId, 'start n4 1', 30_000);
    await killed(worker);
    worker = await newWorker();
    const adoptedMs = await until(runId, 'adopt n4 1', 20_000);
    expect(adoptedMs).toBeLessThan(15_000);
    await handle.result();
    expectUndisturbed(runId, await handle.query('graph'));
  }, 90_000);

  test('server: with its file back, the run goes on within 15 seconds', async () => {
    const runId = 'server-killed-20261121-cccccc';
    await start(runId);
    await until(runId, 'start n4 1', 30_000);
    await server.kill();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await connection.close();
    await server.start();
    const backMs = Date.now();
    await connect();
    const handle = client.workflow.getHandle<typeof competitionWorkflow>(runId);
    await until(runId, 'end n5 1', 30_000);
    expect(Date.now() - backMs).toBeLessThan(15_000);
    await handle.result();
    expectUndisturbed(runId, await handle.query('graph'));
    expect((await handle.query<RunStatus>('status')).nodes).toMatchObject({ rejected: 0 });
  }, 120_000);
});
