/**
 * A run that is written by a model, on real servers: Temporal, the database, and the stub model over HTTP with faults. Its author worker
 * is killed (−9) while calls are under way. Afterwards two ledgers are laid side by side: ours, and that of the stub.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import { Client, Connection } from '@temporalio/client';
import { runIdOf } from '../../src/domain/ids.js';
import { RunConfig } from '../../src/domain/run-config.js';
import type { SearchEvent } from '../../src/domain/run-event.js';
import type { RunResult, RunStatus } from '../../src/domain/run-status.js';
import type { CallRow } from '../../src/store/call-row.js';
import type { LedgerEntry } from '../../src/stub-model/ledger.js';
import type { StubOptions } from '../../src/stub-model/options.js';
import { MODEL_NAME } from '../../src/stub-model/options.js';
import type { competitionWorkflow } from '../../src/workflows/competition.js';
import { TASK_QUEUES } from '../../src/workflows/queues.js';
import type { DrillTempo } from './drill-ports.js';
import type { DrillOrder } from './drill-worker-main.js';
import { scratchStore } from './scratch-store.js';
import { stub } from './stub-model.js';
import { bundleWorkflows } from './temporal-bundle.js';
import { killed, startTemporal } from './temporal-server.js';

export interface DrillPlan {
  readonly nodes: number;
  readonly slots: number;
  readonly ahead: number;
  readonly tempo: DrillTempo;
  readonly model: Partial<StubOptions>;
  /** Executions at whose end the author worker is killed, as soon as a call is under way. */
  readonly killAt: readonly number[];
  readonly config?: Partial<RunConfig>;
}

export interface DrillReport {
  readonly seconds: number;
  readonly result: RunResult;
  readonly status: RunStatus;
  readonly events: readonly SearchEvent[];
  readonly rows: readonly CallRow[];
  readonly meter: RunStatus['model'];
  readonly stub: readonly LedgerEntry[];
  /** Calls under way at each kill. */
  readonly inFlightAtKill: readonly number[];
  readonly nodesStored: number;
}

/** US dollars per million tokens: whole numbers that make sums easy to check. */
export const DRILL_PRICE = { input: 2, cachedInput: 0.5, output: 8 };

export async function ledgerDrill(
  plan: DrillPlan,
  say: (line: string) => void = () => undefined,
): Promise<DrillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'automlgen-drill-'));
  const program = compileSources(folder);
  const [{ codePath }, temporal, scratch, model] = await Promise.all([
    bundleWorkflows(),
    startTemporal(),
    scratchStore(),
    stub(plan.model),
  ]);
  const connection = await Connection.connect({ address: temporal.address });
  const children: ChildProcess[] = [];
  const worker = async (role: DrillOrder['role']): Promise<ChildProcess> => {
    const { uri: mongodbUri, blobFolder } = scratch;
    const order = { role, address: temporal.address, codePath, mongodbUri, blobFolder, folder, modelUrl: model.url };
    const child = await startProcess(program, { ...order, tempo: plan.tempo });
    children.push(child);
    return child;
  };
  try {
    const { store } = scratch;
    const runId = runIdOf('drill', new Date());
    const config = configOf(plan, join(folder, 'results'));
    const task = { id: 'drill', train: 'train.csv', test: 'test.csv', target: 'y', metric: 'rmse', drop: [] } as const;
    const source = { task: { ...task, drop: [] }, folder };
    await store.runs.save({ runId, source, config, startedAt: new Date(), phase: 'preparing' });
    let author = (await Promise.all([worker('author'), worker('others')]))[0];
    const startedMs = Date.now();
    const client = new Client({ connection });
    const handle = await client.workflow.start<typeof competitionWorkflow>('competitionWorkflow', {
      workflowId: runId,
      taskQueue: TASK_QUEUES.search,
      args: [{ runId, source, config, searchAttributes: true }],
    });
    const inFlightAtKill: number[] = [];
    for (const executions of plan.killAt) {
      await until(async () => (await handle.query<RunStatus>('status')).executions.spent >= executions, 100);
      await until(async () => ((await store.calls.meter(runId))?.inFlight.calls ?? 0) > 0, 20);
      await killed(author);
      const open = (await store.calls.ofRun(runId)).filter((row) => row.state === 'begun').length;
      inFlightAtKill.push(open);
      say(`killed the author worker after ${executions} programs with ${open} calls under way`);
      author = await worker('author');
    }
    const result = await handle.result();
    const status = await handle.query<RunStatus>('status');
    return {
      seconds: (Date.now() - startedMs) / 1000,
      result,
      status,
      events: await store.events.read(runId),
      rows: await store.calls.ofRun(runId),
      meter: await store.calls.meter(runId),
      stub: model.ledger().calls,
      inFlightAtKill,
      nodesStored: (await store.nodes.ofRun(runId)).length,
    };
  } finally {
    await Promise.all(children.map(killed));
    await connection.close();
    await Promise.all([temporal.close(), scratch.close(), model.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function configOf({ nodes, slots, ahead, config }: DrillPlan, resultsFolder: string): RunConfig {
  return RunConfig.parse({
    search: { slots, executions: nodes, budgetMs: 3_600_000, proposalsAhead: ahead },
    author: 'llm',
    model: { name: MODEL_NAME, maxOutputTokens: 4_000 },
    prices: { [MODEL_NAME]: DRILL_PRICE },
    limits: { cpus: 1, memoryMiB: 512, diskMiB: 512, shmMiB: 64, gpus: 0, pids: 64 },
    resultsFolder,
    ...config,
  });
}

async function until(condition: () => Promise<boolean>, everyMs: number): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, everyMs));
}

async function startProcess(program: string, order: DrillOrder): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code, signal) => reject(new Error(`The worker ended with ${code ?? signal}.`)));
  });
  return child;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Compiles all sources file by file into `folder`; returns the program of a worker. */
function compileSources(folder: string): string {
  for (const from of ['src', 'test/support']) {
    for (const name of readdirSync(join(ROOT, from), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      const { code } = transformSync(readFileSync(join(ROOT, from, name), 'utf8'), {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'es6' },
      });
      const target = join(folder, from, name.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, code);
    }
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'test/support/drill-worker-main.js');
}
