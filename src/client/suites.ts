/** Starting suites and talking to them. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { UserError } from '../domain/errors.js';
import type { SuiteResult, SuiteStatus } from '../domain/suite.js';
import { TASK_QUEUES } from '../workflows/queues.js';
import type { SuiteInput, suiteWorkflow } from '../workflows/suite.js';
import * as messages from '../workflows/suite-messages.js';

export interface SuiteClient {
  readonly suiteId: string;
  /** The table so far; also of a suite that has ended, as long as the server keeps its history. */
  status(): Promise<SuiteStatus>;
  /** Start no further run. */
  stop(): Promise<SuiteStatus>;
  setParallel(runs: number): Promise<SuiteStatus>;
  /** Temporal's cancel: the runs deliver what they have, then the table is written. */
  cancel(): Promise<void>;
  result(): Promise<SuiteResult>;
  /** Whether anything more can happen: false once it has ended in whatever way. */
  isOpen(): Promise<boolean>;
}

const OPEN: readonly string[] = ['RUNNING', 'CONTINUED_AS_NEW'];

/** Starts a suite under its id, or attaches to the one that already bears it. */
export async function startSuite(client: Client, input: SuiteInput): Promise<SuiteClient> {
  await client.workflow.start<typeof suiteWorkflow>('suiteWorkflow', {
    workflowId: input.suiteId,
    taskQueue: TASK_QUEUES.search,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `${input.title}: ${input.items.length} runs`.slice(0, 190),
  });
  return suiteClient(client, input.suiteId);
}

export function suiteClient(client: Client, suiteId: string): SuiteClient {
  const handle = client.workflow.getHandle<typeof suiteWorkflow>(suiteId);
  const known = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch((error: unknown) => Promise.reject(translated(error, suiteId)));
  return {
    suiteId,
    status: () => known(handle.query(messages.suiteQuery)),
    stop: () => known(handle.executeUpdate(messages.stopSuiteUpdate)),
    setParallel: (runs) => known(handle.executeUpdate(messages.setParallelUpdate, { args: [runs] })),
    cancel: () => known(handle.cancel().then(() => undefined)),
    result: () => known(handle.result()),
    isOpen: () => known(handle.describe().then(({ status }) => OPEN.includes(status.name))),
  };
}

/** Ids of the suites that the server remembers, latest first. */
export async function latestSuites(client: Client, limit: number): Promise<readonly string[]> {
  const found = new Map<string, number>();
  for await (const { workflowId, startTime } of client.workflow.list({ query: "WorkflowType = 'suiteWorkflow'" })) {
    found.set(workflowId, Math.max(found.get(workflowId) ?? 0, startTime.getTime()));
  }
  return [...found.entries()]
    .sort(([, a], [, b]) => b - a)
    .slice(0, limit)
    .map(([suiteId]) => suiteId);
}

function translated(error: unknown, suiteId: string): unknown {
  if (!(error instanceof WorkflowNotFoundError)) return error;
  return new UserError(
    'run-closed',
    `Suite ${suiteId} is not running any more.`,
    'Its table is in its results folder, suite.md.',
    { cause: error },
  );
}
