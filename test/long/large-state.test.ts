/**
 * A run that outgrows every payload, on a real server: past 2,500 nodes as large as real ones, whose state is far above the 2 MiB at which the
 * server refuses a payload. All of its links are read again: none holds a payload that the server would even warn of.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { RunId } from '../../src/domain/ids.js';
import type { GraphPage, RunStatus } from '../../src/domain/run-status.js';
import { replayHistory } from '../../src/worker/replay.js';
import type { competitionWorkflow } from '../../src/workflows/competition.js';
import * as messages from '../../src/workflows/messages.js';
import { TASK_QUEUES } from '../../src/workflows/queues.js';
import { scriptedInput } from '../support/scripted-activities.js';
import { bundleWorkflows } from '../support/temporal-bundle.js';
import { killed, startTemporal, type TemporalServer } from '../support/temporal-server.js';
import { compileWorker, startWorker } from '../support/temporal-worker.js';

const NODES = 2600;
const RUN = 'large-20261121-abcdef' as RunId;
const WARNS_AT = 512 * 1024;
const REFUSES_AT = 2 * 1024 * 1024;

let server: TemporalServer;
let worker: ChildProcess;
let folder: string;
let connection: Connection;
let client: Client;
let code: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'automlgen-large-'));
  const bundle = await bundleWorkflows();
  code = bundle.code;
  server = await startTemporal();
  const scripted = { baseMs: 1, spreadMs: 5, slow: {}, failing: 0.1, precise: true };
  const place = { address: server.address, codePath: bundle.codePath, folder: join(folder, 'runs') };
  worker = await startWorker(compileWorker(folder), { ...place, ...scripted });
  connection = await Connection.connect({ address: server.address });
  client = new Client({ connection });
}, 120_000);

afterAll(async () => {
  await connection?.close();
  if (worker) await killed(worker);
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** The largest payload of an event, and bytes of all. */
function payloadsOf(value: unknown): readonly number[] {
  if (value instanceof Uint8Array) return [value.length];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(payloadsOf);
}

async function links(first: string) {
  const histories = [];
  for (let link: string | null | undefined = first; link; ) {
    const history = await client.workflow.getHandle(RUN, link).fetchHistory();
    histories.push(history);
    link = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return histories;
}

test('is finished with all its nodes, and no payload of any link is large', async () => {
  const input = scriptedInput({ executions: NODES, slots: 6, budgetMs: 10 * 3_600_000 }, {}, RUN);
  const started = Date.now();
  const handle = await client.workflow.start<typeof competitionWorkflow>('competitionWorkflow', {
    workflowId: RUN,
    taskQueue: TASK_QUEUES.search,
    args: [input],
  });
  await handle.result();
  const seconds = (Date.now() - started) / 1000;
  const status = await handle.query<RunStatus>('status');
  expect(status).toMatchObject({ phase: 'done', executions: { spent: NODES } });
  const ids = new Set<string>();
  let state = 0;
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page: GraphPage = await handle.query(messages.graphQuery, { from, limit: 500 });
    for (const node of page.nodes) ids.add(node.id);
    state += JSON.stringify(page.nodes).length;
    from = page.next;
  }
  expect(ids.size).toBe(NODES);
  expect(state).toBeGreaterThan(REFUSES_AT);

  const histories = await links(handle.firstExecutionRunId);
  expect(histories.length).toBeGreaterThan(3);
  const sizes = histories.map((history) => payloadsOf(history.events));
  const largest = Math.max(...sizes.map((link) => link.reduce((most, size) => Math.max(most, size), 0)));
  expect(largest).toBeGreaterThan(100 * 1024);
  expect(largest).toBeLessThan(WARNS_AT);

  // Every part is stored once: together they are about as large as the state.
  const blobs = join(folder, 'runs', 'blobs');
  const files = readdirSync(blobs, { recursive: true, encoding: 'utf8' }).map((name) => statSync(join(blobs, name)));
  const stored = files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
  expect(stored).toBeLessThan(1.2 * state);
  expect(stored).toBeGreaterThan(0.5 * state);
  const last = histories.at(-1);
  expect(last && (await replayHistory(last, { code }))).toMatchObject({ kind: 'ok' });
  const facts = {
    seconds,
    links: histories.length,
    largest,
    state,
    stored,
    parts: files.filter((file) => file.isFile()).length,
  };
  process.stdout.write(`large state: ${JSON.stringify(facts)}\n`);
}, 1_800_000);
