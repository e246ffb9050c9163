/** A worker process with scripted activities, to be killed: started by `temporal-worker.ts`, told everything in one JSON argument. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cancelled, heartbeat, sleep } from '@temporalio/activity';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type {
  EvaluationActivities,
  ExecuteInput,
  ExecuteResult,
  PrepareInput,
  RecordInput,
  SearchActivities,
} from '../../src/activities/contract.js';
import { createSnapshotActivities } from '../../src/activities/snapshots.js';
import { executionIdOf } from '../../src/domain/ids.js';
import { createBlobs } from '../../src/store/blobs.js';
import { beatWhileRunning } from '../../src/worker/heartbeats.js';
import { TASK_QUEUES } from '../../src/workflows/queues.js';
import { type ActivityName, answerOf, LOST_USD, NOTHING, SCRIPT, type Script, unit } from './scripted-activities.js';

export interface WorkerOrder {
  readonly address: string;
  readonly codePath: string;
  /** Where executions live while workers die. */
  readonly folder: string;
  readonly baseMs: number;
  readonly spreadMs: number;
  /** Milliseconds of single nodes. */
  readonly slow: Readonly<Record<string, number>>;
  readonly failing: number;
  readonly mode?: 'holdout' | 'folds';
  /** Nodes as large as those of real runs. */
  readonly precise?: boolean;
  /** Executions of a node that infrastructure loses, before one gets through. */
  readonly lost?: Readonly<Record<string, number>>;
}

const order = JSON.parse(process.argv[2] ?? '{}') as WorkerOrder;
const script: Script = {
  ...SCRIPT,
  failing: order.failing,
  mode: order.mode ?? 'holdout',
  precise: order.precise ?? false,
  executeMs: ({ nodeId, attempt }) => {
    if (attempt === 'refit') return order.baseMs;
    return order.slow[nodeId] ?? order.baseMs + Math.round(order.spreadMs * unit(`duration|${nodeId}`));
  },
};

/** Like a real execution: it runs on whoever watches, is started once for each id, and is found again by its id. */
async function executeNode(input: ExecuteInput): Promise<ExecuteResult> {
  const id = executionIdOf(input.runId, input.nodeId, input.attempt);
  const folder = join(order.folder, input.runId);
  mkdirSync(folder, { recursive: true });
  const start = join(folder, `${id}.start`);
  if (!existsSync(start)) {
    writeFileSync(start, `${Date.now()}`, { flag: 'wx' });
    appendFileSync(join(folder, 'log'), `start ${input.nodeId} ${input.attempt}\n`);
  } else appendFileSync(join(folder, 'log'), `adopt ${input.nodeId} ${input.attempt}\n`);
  const endMs = Number(readFileSync(start, 'utf8')) + script.executeMs(input);
  while (Date.now() < endMs) {
    heartbeat();
    await Promise.race([sleep(Math.min(100, Math.max(1, endMs - Date.now()))), cancelled()]);
  }
  if (Number(input.attempt) <= (order.lost?.[input.nodeId] ?? 0)) {
    return { kind: 'infrastructure', executionId: id, cause: 'supervisor-lost', message: 'scripted', cost: NOTHING };
  }
  appendFileSync(join(folder, 'log'), `end ${input.nodeId} ${input.attempt}\n`);
  return answerOf(script, 'executeNode', input) as ExecuteResult;
}

async function recordEvents({ runId, from, events }: RecordInput): Promise<void> {
  const folder = join(order.folder, runId);
  mkdirSync(folder, { recursive: true });
  for (const [offset, event] of events.entries()) {
    writeFileSync(join(folder, `event-${from + offset}.json`), JSON.stringify(event));
  }
}

/** Runs that were made known to the store, one line each: a run that is enrolled twice was started twice. */
async function enrolRun({ runId }: PrepareInput): Promise<void> {
  mkdirSync(order.folder, { recursive: true });
  appendFileSync(join(order.folder, 'enrolled'), `${runId}\n`);
}

/** Runs whose ledger was closed, one line each. */
const closeLedger: SearchActivities['closeLedger'] = async ({ runId }) => {
  appendFileSync(join(order.folder, 'closed'), `${runId}\n`);
  const none = { calls: 0, tokens: 0, usd: 0 };
  const counts = { input: 80, cachedInput: 0, output: 20, reasoning: 0 };
  const paid = { calls: 3, tokens: 100, usd: LOST_USD - 4, counts, seconds: 1 };
  return { paid, failed: 0, lost: { calls: 1, tokens: 50, usd: 4 }, inFlight: none, revision: 8 };
};

const packageSuite: EvaluationActivities['packageSuite'] = async ({ status, folder }) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'suite.json'), JSON.stringify(status));
};

const answering = (name: ActivityName) => async (input: unknown) => answerOf(script, name, input);

Runtime.install({ logger: new DefaultLogger('ERROR') });
const connection = await NativeConnection.connect({ address: order.address });
const queues: Readonly<Record<keyof typeof TASK_QUEUES, object>> = {
  search: {
    recordEvents,
    enrolRun,
    closeLedger,
    ...createSnapshotActivities(createBlobs(join(order.folder, 'blobs'))),
  },
  author: { proposeNode: answering('proposeNode') },
  execute: { executeNode, attestRun: answering('attestRun') },
  evaluate: {
    prepareRun: answering('prepareRun'),
    evaluateNode: answering('evaluateNode'),
    chooseFinal: answering('chooseFinal'),
    packageRun: answering('packageRun'),
    packageSuite,
  },
};
const workers = await Promise.all(
  Object.entries(queues).map(([queue, activities]) =>
    Worker.create({
      connection,
      taskQueue: TASK_QUEUES[queue as keyof typeof TASK_QUEUES],
      activities,
      maxHeartbeatThrottleInterval: '4 seconds',
      interceptors: { activity: [beatWhileRunning] },
      ...(queue === 'search' ? { workflowBundle: { codePath: order.codePath } } : {}),
    }),
  ),
);
process.stdout.write('ready\n');
await Promise.all(workers.map((worker) => worker.run()));
