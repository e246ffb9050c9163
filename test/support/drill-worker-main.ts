/** A worker process of the ledger drill, told everything in one JSON argument: the author, to be killed, or everybody else. */
import { join } from 'node:path';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Dependencies } from '../../src/activities/dependencies.js';
import {
  createAuthorActivities,
  createEvaluationActivities,
  createExecutionActivities,
  createSearchActivities,
} from '../../src/activities/index.js';
import { createLlmAuthor } from '../../src/authors/llm/author.js';
import { createChatModel } from '../../src/authors/llm/openai-chat.js';
import type { Author } from '../../src/authors/port.js';
import type { RunConfig } from '../../src/domain/run-config.js';
import { openStore } from '../../src/store/store.js';
import { beatWhileRunning } from '../../src/worker/heartbeats.js';
import { TASK_QUEUES } from '../../src/workflows/queues.js';
import { type DrillTempo, drillEvaluator, drillExecutor, NO_KNOWLEDGE, NOTHING_GUARDED } from './drill-ports.js';

export interface DrillOrder {
  readonly role: 'author' | 'others';
  readonly address: string;
  readonly codePath: string;
  readonly mongodbUri: string;
  readonly blobFolder: string;
  readonly folder: string;
  readonly modelUrl: string;
  readonly tempo: DrillTempo;
}

const order = JSON.parse(process.argv[2] ?? '{}') as DrillOrder;
Runtime.install({ logger: new DefaultLogger('ERROR') });
const connection = await NativeConnection.connect({ address: order.address });
const store = await openStore({ uri: order.mongodbUri, blobFolder: order.blobFolder });
const dependencies: Dependencies = {
  store,
  authorFor: authorOf,
  modelFor: () => createChatModel({ baseUrl: order.modelUrl }),
  executor: drillExecutor(order.tempo),
  evaluator: drillEvaluator(join(order.folder, 'prepared')),
  knowledge: NO_KNOWLEDGE,
  preparedFolder: order.folder,
  guarded: NOTHING_GUARDED,
};

function authorOf({ model }: Pick<RunConfig, 'model'>): Author {
  if (model === undefined) throw new Error('The drill asks a model.');
  return createLlmAuthor(model);
}

const attestRun = async () => ({ sealed: true, attempts: 30, readable: [] });
const others: Readonly<Record<string, Partial<WorkerOptions>>> = {
  search: { activities: createSearchActivities(dependencies), workflowBundle: { codePath: order.codePath } },
  execute: { activities: { ...createExecutionActivities(dependencies), attestRun } },
  evaluate: { activities: createEvaluationActivities(dependencies) },
};
const author = { author: { activities: createAuthorActivities(dependencies) } };
const workers = await Promise.all(
  Object.entries(order.role === 'author' ? author : others).map(([queue, options]) =>
    Worker.create({
      connection,
      taskQueue: TASK_QUEUES[queue as keyof typeof TASK_QUEUES],
      maxHeartbeatThrottleInterval: '4 seconds',
      interceptors: { activity: [beatWhileRunning] },
      ...options,
    }),
  ),
);
process.stdout.write('ready\n');
await Promise.all(workers.map((worker) => worker.run()));
