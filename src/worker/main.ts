/** Runs workers for the chosen task queues in this process until it is told to stop. */
import { networkInterfaces } from 'node:os';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Dependencies } from '../activities/dependencies.js';
import {
  createAuthorActivities,
  createEvaluationActivities,
  createExecutionActivities,
  createSearchActivities,
} from '../activities/index.js';
import { connectTemporal, temporalOptions } from '../client/connection.js';
import { type TaskQueues, taskQueues } from '../workflows/queues.js';
import { compose, type WorkerSettings } from './compose.js';
import { serveHealth } from './health.js';
import { beatWhileRunning } from './heartbeats.js';
import { type Janitor, startJanitor, sweepExecutions } from './janitor.js';
import type { Operations } from './operations.js';
import { runWorkers } from './run-workers.js';

export type QueueName = keyof TaskQueues;
export const QUEUES: readonly QueueName[] = ['search', 'author', 'execute', 'evaluate'];

export interface WorkerProcess {
  /** Ends when every worker has shut down and everything is closed; fails when one of them failed. */
  readonly done: Promise<void>;
}

/** Connects, starts one worker for each queue and returns when all poll. SIGTERM and SIGINT stop them and hand their activities over. */
export async function startWorkers(
  settings: WorkerSettings & {
    readonly queues: readonly QueueName[];
    readonly embeddedAddress?: string;
    readonly workflowBundle: string;
    readonly operations: Operations;
  },
): Promise<WorkerProcess> {
  const { operations } = settings;
  installRuntime(operations);
  const workers: Worker[] = [];
  const health =
    operations.healthPort === undefined ? undefined : await serveHealth(operations.healthPort, () => workers);
  const { namespace, connectionOptions } = temporalOptions(settings.embeddedAddress);
  const connection = await NativeConnection.connect(connectionOptions);
  const { dependencies, serve, close } = await compose({
    ...settings,
    onEvaluatorLog: (text) => Runtime.instance().logger.warn('evaluator', { text: text.trimEnd() }),
    onExecutorLog: (text) => Runtime.instance().logger.warn('executor', { text }),
    ...(connectionOptions.address !== undefined && { temporalAddress: connectionOptions.address }),
  });
  let janitor: Janitor | undefined;
  const slots = (await dependencies.executor.capabilities()).slots;
  const options: Readonly<Record<QueueName, Partial<WorkerOptions>>> = {
    search: {
      workflowBundle: { codePath: settings.workflowBundle },
      activities: createSearchActivities(dependencies),
      maxCachedWorkflows: 100,
    },
    author: { activities: createAuthorActivities(dependencies), maxConcurrentActivityTaskExecutions: 20 },
    // After a continuation an old attempt keeps its activity slot until its next heartbeat.
    execute: {
      activities: createExecutionActivities({ ...dependencies, onAbandoned: () => janitor?.soon() }),
      maxConcurrentActivityTaskExecutions: 2 * slots + 2,
    },
    // Most of them wait for a process: those that prepare and choose, of many runs, must not keep those that score from their own.
    evaluate: { activities: createEvaluationActivities(dependencies), maxConcurrentActivityTaskExecutions: 32 },
  };
  const queues = taskQueues('', operations.executionClass);
  const created = await Promise.all(
    settings.queues.map((queue) =>
      Worker.create({
        connection,
        namespace,
        taskQueue: queues[queue],
        shutdownGraceTime: '2 seconds',
        shutdownForceTime: '10 seconds',
        maxHeartbeatThrottleInterval: '4 seconds',
        interceptors: { activity: [beatWhileRunning] },
        ...versioned(operations),
        ...options[queue],
      }),
    ),
  );
  if (settings.queues.includes('execute')) {
    await serve();
    janitor = await janitorOf(settings, dependencies);
  }
  workers.push(...created);
  const done = runWorkers(workers).finally(async () => {
    await Promise.allSettled([janitor?.close()]);
    await Promise.allSettled([health?.close(), close()]);
    await connection.close();
  });
  return { done };
}

function installRuntime({ metricsPort }: Operations): void {
  const metrics =
    metricsPort === undefined ? {} : { metrics: { prometheus: { bindAddress: `${everyInterface()}:${metricsPort}` } } };
  Runtime.install({ logger: new DefaultLogger('WARN'), telemetryOptions: metrics });
}

/** Of IPv6 and IPv4 where the machine has both. */
function everyInterface(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  return addresses.some(({ family }) => family === 'IPv6') ? '[::]' : '0.0.0.0';
}

/** A run that began with one version ends with it: its decisions are never replayed by other code. */
function versioned({ version }: Operations): Partial<WorkerOptions> {
  if (version === undefined) return {};
  return { workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' } };
}

/** Its connection ends with it. */
async function janitorOf(
  settings: { readonly embeddedAddress?: string },
  { executor, store }: Pick<Dependencies, 'executor' | 'store'>,
): Promise<Janitor> {
  const temporal = await connectTemporal(settings.embeddedAddress);
  const janitor = startJanitor({
    sweep: () => sweepExecutions(executor, store.ledger, temporal.client),
    log: (message, what) => Runtime.instance().logger.warn(message, what),
  });
  return { ...janitor, close: () => janitor.close().finally(() => temporal.close()) };
}
