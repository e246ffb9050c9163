/** Time-outs and retries, by class of activity. Nothing else in the product retries. */
import type { ActivityOptions } from '@temporalio/workflow';
import { proxyActivities } from '@temporalio/workflow';
import type {
  AuthorActivities,
  EvaluationActivities,
  ExecutionActivities,
  SearchActivities,
} from '../activities/contract.js';
import type { TaskQueues } from './queues.js';

/** A killed worker is noticed within this time. For an execution a spurious time-out only adopts it again. */
const HEARTBEAT = '10 seconds';
/** The same for all other work, which would be repeated. The worker beats for it: `worker/heartbeats.ts`. */
const PATIENT_HEARTBEAT = '15 seconds';

/** Small reads and writes, too short to beat. Unlimited: a database that is away delays, it loses nothing. */
const store = {
  startToCloseTimeout: '20 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
} satisfies ActivityOptions;

/** Writing one program. What still fails after a minute is a fault, and the run decides what to do about it. */
const author = {
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: PATIENT_HEARTBEAT,
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds', maximumAttempts: 6 },
} satisfies ActivityOptions;

/** The same where it asks a model: a server that is busy or away is given minutes, by the time it names where it names one. */
export const asksModel = {
  // A spurious time-out only waits for the call that is under way.
  heartbeatTimeout: HEARTBEAT,
  retry: { initialInterval: '5 seconds', maximumInterval: '5 minutes', maximumAttempts: 6 },
} satisfies Pick<ActivityOptions, 'heartbeatTimeout' | 'retry'>;

/** Unlimited attempts: each meets the same execution again, so a repeat costs nothing. Calls set a start-to-close limit of their own. */
const execute = {
  startToCloseTimeout: '24 hours',
  heartbeatTimeout: HEARTBEAT,
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds' },
} satisfies ActivityOptions;

/**
 * The evaluator ends a request after ten minutes, for good; up to seven others may be before it, two at a time. A lost worker is noticed by its
 * heartbeat, so the long time costs nothing.
 */
const evaluate = {
  startToCloseTimeout: '45 minutes',
  heartbeatTimeout: PATIENT_HEARTBEAT,
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 5 },
} satisfies ActivityOptions;

/** Proving a run's isolation. */
const attest = {
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: PATIENT_HEARTBEAT,
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds', maximumAttempts: 6 },
} satisfies ActivityOptions;

/** Preparing a task and delivering its results: at most half an hour in the evaluator, after those of other runs. */
const deliver = {
  startToCloseTimeout: '3 hours',
  heartbeatTimeout: PATIENT_HEARTBEAT,
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds', maximumAttempts: 6 },
} satisfies ActivityOptions;

/** Beyond its own time a program may wait for a slot or a machine, and be looked after when it ends. */
const WAITING_SECONDS = 30 * 60;
const ENDING_SECONDS = 60;

/** A worker beats for an execution also when nobody looks after it any more; after this time another attempt adopts it. */
export function executionTime(
  views: readonly string[],
  runSeconds: number,
): Pick<ActivityOptions, 'startToCloseTimeout'> {
  return { startToCloseTimeout: Math.ceil(1000 * (views.length * (runSeconds + ENDING_SECONDS) + WAITING_SECONDS)) };
}

/** Proxies bound to their queues. Call sites add a summary, and a limit where it depends on the program. */
export function activitiesOn(queues: TaskQueues) {
  const { prepareRun, chooseFinal, packageRun, packageSuite } = proxyActivities<EvaluationActivities>({
    ...deliver,
    taskQueue: queues.evaluate,
  });
  const { evaluateNode } = proxyActivities<EvaluationActivities>({ ...evaluate, taskQueue: queues.evaluate });
  const { proposeNode } = proxyActivities<AuthorActivities>({ ...author, taskQueue: queues.author });
  const { executeNode } = proxyActivities<ExecutionActivities>({ ...execute, taskQueue: queues.execute });
  const { attestRun } = proxyActivities<ExecutionActivities>({ ...attest, taskQueue: queues.execute });
  const { recordEvents, saveSnapshot, loadSnapshot, enrolRun, closeLedger } = proxyActivities<SearchActivities>({
    ...store,
    taskQueue: queues.search,
  });
  return {
    prepareRun,
    proposeNode,
    executeNode,
    attestRun,
    evaluateNode,
    chooseFinal,
    packageRun,
    recordEvents,
    saveSnapshot,
    loadSnapshot,
    enrolRun,
    closeLedger,
    packageSuite,
  };
}

export type Activities = ReturnType<typeof activitiesOn>;
