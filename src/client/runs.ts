/** Starting runs and talking to them. */
import { type Client, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { UserError } from '../domain/errors.js';
import type { NodeId, RunId } from '../domain/ids.js';
import type { Explanation, GraphPage, RunResult, RunStatus } from '../domain/run-status.js';
import type { competitionWorkflow } from '../workflows/competition.js';
import type { CompetitionInput } from '../workflows/input.js';
import * as messages from '../workflows/messages.js';
import { TASK_QUEUES } from '../workflows/queues.js';

const RUN_OWNER = defineSearchAttributeKey('RunOwner', SearchAttributeType.KEYWORD);

export interface RunClient {
  readonly runId: RunId;
  status(): Promise<RunStatus>;
  /** The graph from the `from`-th finished node on, fetched page by page. Default 0: the whole. */
  graph(from?: number): Promise<GraphPage>;
  explain(nodeId: NodeId): Promise<Explanation>;
  steer(order: SteeringOrder): Promise<messages.Acknowledgement>;
  /** Makes a program that is in the blob store a node of the run; returns its name. */
  addProgram(program: messages.ProgramToAdd): Promise<messages.Acknowledgement & { readonly nodeId: NodeId }>;
  /** Temporal's cancel: the run finalises what it has. */
  cancel(): Promise<void>;
  result(): Promise<RunResult>;
  /** Events and bytes of the whole chain. */
  history(): Promise<{ readonly events: number; readonly bytes: number }>;
  /** The history of each link of the chain as JSON, first to last. */
  histories(): Promise<readonly string[]>;
  /** Temporal's word: running, completed, cancelled, failed, terminated, timed out. */
  state(): Promise<string>;
}

export type SteeringOrder =
  | { readonly kind: 'pause' | 'resume' | 'finish' }
  | { readonly kind: 'hint'; readonly text: string }
  | { readonly kind: 'prune' | 'pin'; readonly nodeId: NodeId };

/** Starts a run under its run id, or attaches to the one that already bears it. */
export async function startRun(client: Client, input: CompetitionInput, owner: string): Promise<RunClient> {
  const { task } = input.source;
  await client.workflow.start<typeof competitionWorkflow>('competitionWorkflow', {
    workflowId: input.runId,
    taskQueue: TASK_QUEUES.search,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `${task.title ?? task.id} (${task.metric}), ${input.config.search.policy}`.slice(0, 190),
    ...(input.searchAttributes !== false && {
      typedSearchAttributes: new TypedSearchAttributes([{ key: RUN_OWNER, value: owner }]),
    }),
  });
  return runClient(client, input.runId);
}

export function runClient(client: Client, runId: RunId): RunClient {
  const handle = client.workflow.getHandle<typeof competitionWorkflow>(runId);
  const known = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch((error: unknown) => Promise.reject(translated(error, runId)));
  return {
    runId,
    status: () => known(handle.query(messages.statusQuery)),
    graph: (from = 0) => known(wholeGraph(handle, from)),
    explain: (nodeId) => known(handle.query(messages.explainQuery, nodeId)),
    steer: (order) => known(steer(handle, order)),
    addProgram: (program) => known(handle.executeUpdate(messages.addProgramUpdate, { args: [program] })),
    cancel: () => known(handle.cancel().then(() => undefined)),
    result: () => known(handle.result()),
    history: () => chainSize(client, runId),
    histories: () => chainHistories(client, runId),
    state: () =>
      known(handle.describe().then((description) => description.status.name.toLowerCase().replaceAll('_', ' '))),
  };
}

/** Links of a run's chain in the order in which they were started. */
async function linksOf(client: Client, runId: RunId): Promise<readonly string[]> {
  const links: { readonly id: string; readonly startedMs: number }[] = [];
  for await (const link of client.workflow.list({ query: `WorkflowId = '${runId}'` })) {
    links.push({ id: link.runId, startedMs: link.startTime.getTime() });
  }
  return links.sort((a, b) => a.startedMs - b.startedMs).map((link) => link.id);
}

async function chainSize(client: Client, runId: RunId): Promise<{ readonly events: number; readonly bytes: number }> {
  const total = { events: 0, bytes: 0 };
  for (const link of await linksOf(client, runId)) {
    const description = await client.workflow.getHandle(runId, link).describe();
    total.events += description.historyLength;
    total.bytes += description.historySize ?? 0;
  }
  return total;
}

async function chainHistories(client: Client, runId: RunId): Promise<readonly string[]> {
  const histories: string[] = [];
  for (const link of await linksOf(client, runId)) {
    histories.push(historyToJSON(await client.workflow.getHandle(runId, link).fetchHistory()));
  }
  return histories;
}

type Handle = WorkflowHandle<typeof competitionWorkflow>;

/** Each page has the references that lead to its own nodes. */
async function wholeGraph(handle: Handle, from: number): Promise<GraphPage> {
  let page = await handle.query(messages.graphQuery, { from });
  const nodes = [...page.nodes];
  const references = [...page.references];
  while (page.next !== undefined) {
    page = await handle.query(messages.graphQuery, { from: page.next });
    nodes.push(...page.nodes);
    references.push(...page.references);
  }
  return { ...page, nodes, references };
}

function steer(handle: Handle, order: SteeringOrder): Promise<messages.Acknowledgement> {
  switch (order.kind) {
    case 'pause':
      return handle.executeUpdate(messages.pauseUpdate);
    case 'resume':
      return handle.executeUpdate(messages.resumeUpdate);
    case 'finish':
      return handle.executeUpdate(messages.finishUpdate);
    case 'hint':
      return handle.executeUpdate(messages.hintUpdate, { args: [order.text] });
    case 'prune':
      return handle.executeUpdate(messages.pruneUpdate, { args: [order.nodeId] });
    case 'pin':
      return handle.executeUpdate(messages.pinUpdate, { args: [order.nodeId] });
  }
}

function translated(error: unknown, runId: RunId): unknown {
  if (!(error instanceof WorkflowNotFoundError)) return error;
  return new UserError(
    'run-closed',
    `Run ${runId} is not running any more.`,
    `See what it left with \`automlgen report ${runId}\`.`,
    { cause: error },
  );
}
