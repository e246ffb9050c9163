/**
 * Runs the real workflow bundle in the SDK's real sandbox, without a server: this file plays the server, on a clock of its own.
 * It rests on internals of `@temporalio/worker` 1.24 (the version is pinned); nothing in `src` does.
 */
import { defaultPayloadConverter, type Payload, TypedSearchAttributes } from '@temporalio/common';
import { msNumberToTs, tsToMs } from '@temporalio/common/lib/time.js';
import { coresdk, type temporal } from '@temporalio/proto';
import { parseWorkflowCode } from '@temporalio/worker/lib/worker.js';
import type { Workflow } from '@temporalio/worker/lib/workflow/interface.js';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import type { WorkflowInfo } from '@temporalio/workflow';
import { createUnsafeRandomSource } from '@temporalio/workflow/lib/random-helpers.js';
import type { ExecuteInput } from '../../src/activities/contract.js';
import type { SearchEvent } from '../../src/domain/run-event.js';
import type { RunResult } from '../../src/domain/run-status.js';
import type { CompetitionInput } from '../../src/workflows/input.js';
import type { SuiteInput } from '../../src/workflows/suite.js';
import { type ActivityName, type Reply, replyTo, type Script } from './scripted-activities.js';
import { bundleWorkflows } from './temporal-bundle.js';

type Job = coresdk.workflow_activation.IWorkflowActivationJob;
type Command = coresdk.workflow_commands.IWorkflowCommand;
type Failure = temporal.api.failure.v1.IFailure;

const NAMES: readonly ActivityName[] = [
  'prepareRun',
  'proposeNode',
  'executeNode',
  'attestRun',
  'evaluateNode',
  'chooseFinal',
  'packageRun',
  'recordEvents',
  'saveSnapshot',
  'loadSnapshot',
  'enrolRun',
  'closeLedger',
  'packageSuite',
];
/** Time of the first event of every chain. */
export const START_MS = Date.UTC(2026, 0, 1);
/** Where a real server begins to warn: four times as much is refused. */
export const LARGEST_PAYLOAD = 512 * 1024;
/** History of one link at which a real server suggests to continue as new. */
const SUGGESTED = { events: 4096, bytes: 4 * 1024 * 1024 };
/** Activities notice a cancellation at their next heartbeat. */
const CANCEL_MS = 40;

export interface Sandbox {
  readonly creator: ReusableVMWorkflowCreator;
  destroy(): Promise<void>;
}

export async function openSandbox(): Promise<Sandbox> {
  const { code } = await bundleWorkflows();
  const creator = await ReusableVMWorkflowCreator.create(parseWorkflowCode(code), 5000, new Set(NAMES));
  return { creator, destroy: () => creator.destroy() };
}

/** One activity as it was scheduled. */
export interface Scheduled {
  readonly name: ActivityName;
  readonly input: unknown;
  readonly summary: string;
  readonly queue: string;
  readonly atMs: number;
  readonly link: number;
  /** Start-to-close limit. */
  readonly limitMs: number;
}

export type Outcome =
  | { readonly kind: 'completed'; readonly result: RunResult }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly message: string };

export type UpdateOutcome =
  | { readonly kind: 'completed'; readonly value: unknown }
  | { readonly kind: 'rejected'; readonly message: string };

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly job: Job;
  /** Sequence number of the activity or timer, by which it is cancelled. */
  readonly key: string;
}

/** One chain of one run. */
export class Chain {
  readonly scheduled: Scheduled[] = [];
  /** Every command of every activation, as text: two equal runs have equal lists. */
  readonly commands: string[] = [];
  /** Execution ids by the time at which they were first asked for. */
  readonly executions = new Map<string, number>();
  /** What reached the event store, by sequence number. */
  readonly recorded = new Map<number, SearchEvent>();
  /** History events of each link. */
  readonly lengths: number[] = [];
  /** Bytes of all payloads in the history of each link. */
  readonly sizes: number[] = [];
  outcome: Outcome | undefined;
  nowMs = START_MS;
  private workflow: Workflow | undefined;
  private readonly due: Due[] = [];
  private readonly ends = new Map<string, number>();
  private readonly active = new Map<number, { readonly name: ActivityName; readonly started: number }>();
  private order = 0;
  /** What was signalled to other workflows. */
  readonly signals: { readonly name: string; readonly to: string; readonly input: unknown }[] = [];
  /** Workflow ids of children that were started; none of them is ever heard of. */
  readonly children: string[] = [];
  /** What was stored of states, by reference. */
  readonly snapshots = new Map<string, string>();

  private constructor(
    private readonly sandbox: Sandbox,
    private readonly script: Script,
    readonly workflowId: string,
    private readonly type: 'competitionWorkflow' | 'suiteWorkflow' = 'competitionWorkflow',
  ) {}

  /** A suite, whose runs start and never report. */
  static async startSuite(sandbox: Sandbox, script: Script, input: SuiteInput): Promise<Chain> {
    const chain = new Chain(sandbox, script, input.suiteId, 'suiteWorkflow');
    await chain.begin([defaultPayloadConverter.toPayload(input)]);
    return chain;
  }

  /** `snapshots` is what the store already holds, by reference. */
  static async start(
    sandbox: Sandbox,
    script: Script,
    input: CompetitionInput,
    snapshots: Readonly<Record<string, string>> = {},
  ): Promise<Chain> {
    const chain = new Chain(sandbox, script, input.runId);
    for (const [ref, text] of Object.entries(snapshots)) chain.snapshots.set(ref, text);
    await chain.begin([defaultPayloadConverter.toPayload(input)]);
    return chain;
  }

  get link(): number {
    return this.lengths.length - 1;
  }

  /** Activities of a kind that have not ended. */
  running(name: ActivityName): number {
    return [...this.active.values()].filter((activity) => activity.name === name).length;
  }

  of<T>(name: ActivityName): readonly T[] {
    return this.scheduled.filter((activity) => activity.name === name).map((activity) => activity.input as T);
  }

  /** Plays on until `stop` holds or the run has ended. Fails when nothing is left that could happen. */
  async play(stop: () => boolean = () => false): Promise<this> {
    for (let turns = 0; this.outcome === undefined && !stop(); turns += 1) {
      if (turns > 20_000) throw new Error('The run does not end.');
      await this.step();
    }
    return this;
  }

  /** Plays on for a while of the chain's own time. */
  async wait(ms: number): Promise<this> {
    const untilMs = this.nowMs + ms;
    while (this.outcome === undefined && this.next() !== undefined && (this.next()?.atMs ?? 0) <= untilMs)
      await this.step();
    this.nowMs = Math.max(this.nowMs, untilMs);
    return this;
  }

  async cancel(): Promise<void> {
    await this.activate([{ cancelWorkflow: { reason: 'test' } }]);
  }

  async update(name: string, ...args: unknown[]): Promise<UpdateOutcome> {
    this.order += 1;
    const id = `update-${this.order}`;
    const input = args.map((argument) => defaultPayloadConverter.toPayload(argument));
    const job = { doUpdate: { id, protocolInstanceId: id, name, input, runValidator: true } };
    const commands = await this.activate([job]);
    const responses = commands.flatMap((command) => (command.updateResponse ? [command.updateResponse] : []));
    const rejected = responses.find((response) => response.rejected)?.rejected;
    if (rejected) return { kind: 'rejected', message: rejected.message ?? '' };
    const completed = responses.find((response) => response.completed)?.completed;
    if (!completed) throw new Error(`${name} was neither completed nor rejected.`);
    return { kind: 'completed', value: value(completed) };
  }

  async query<T>(name: string, ...args: unknown[]): Promise<T> {
    const input = args.map((argument) => defaultPayloadConverter.toPayload(argument));
    const jobs = [{ queryWorkflow: { queryId: 'q', queryType: name, arguments: input } }];
    const before = this.commands.length;
    const [command] = await this.activate(jobs);
    this.commands.length = before;
    const failed = command?.respondToQuery?.failed;
    if (failed) throw new Error(failed.message ?? 'query failed');
    return value(command?.respondToQuery?.succeeded?.response) as T;
  }

  /** What the run shows in the Temporal UI. */
  details(): Promise<string> {
    return this.query<{ currentDetails?: string }>('__temporal_workflow_metadata').then(
      (data) => data.currentDetails ?? '',
    );
  }

  events(): readonly SearchEvent[] {
    return [...this.recorded.entries()].sort(([a], [b]) => a - b).map(([, event]) => event);
  }

  /** Must be called before the sandbox is closed. */
  async close(): Promise<void> {
    await this.workflow?.dispose();
    this.workflow = undefined;
  }

  private async begin(args: readonly Payload[]): Promise<void> {
    await this.workflow?.dispose();
    this.due.length = 0;
    this.active.clear();
    this.lengths.push(2);
    this.sizes.push(0);
    for (const payload of args) this.weigh('the input of a link', payload);
    const runId = `${this.workflowId}-link-${this.lengths.length}`;
    this.workflow = await this.sandbox.creator.createWorkflow({
      info: this.info(runId),
      randomnessSeed: [1, 2, 3, 4, 5, 6, 7, 8],
      now: this.nowMs,
      showStackTraceSources: false,
    });
    const started = { workflowId: this.workflowId, workflowType: this.type, arguments: [...args] };
    const times = { startTime: msNumberToTs(START_MS), firstExecutionRunId: `${this.workflowId}-link-1`, attempt: 1 };
    await this.activate([{ initializeWorkflow: { ...started, ...times } }]);
  }

  private info(runId: string): WorkflowInfo {
    const first = `${this.workflowId}-link-1`;
    return {
      workflowId: this.workflowId,
      runId,
      workflowType: this.type,
      searchAttributes: {},
      typedSearchAttributes: new TypedSearchAttributes(),
      taskQueue: 'search',
      namespace: 'default',
      firstExecutionRunId: first,
      originalExecutionRunId: runId,
      startTime: new Date(START_MS),
      runStartTime: new Date(this.nowMs),
      taskTimeoutMs: 10_000,
      attempt: 1,
      historyLength: 3,
      historySize: 0,
      continueAsNewSuggested: false,
      targetWorkerDeploymentVersionChanged: false,
      unsafe: {
        now: () => this.nowMs,
        isReplaying: false,
        isReplayingHistoryEvents: false,
        random: createUnsafeRandomSource(Math.random),
      },
    };
  }

  private next(): Due | undefined {
    return [...this.due].sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
  }

  private async step(): Promise<void> {
    const next = this.next();
    if (next === undefined) throw new Error('Nothing is on its way, and the run has not ended.');
    this.nowMs = Math.max(this.nowMs, next.atMs);
    const together = this.due
      .filter((due) => due.atMs <= this.nowMs)
      .sort((a, b) => a.atMs - b.atMs || a.order - b.order);
    for (const due of together) this.forget(due.key);
    await this.activate(together.map((due) => due.job));
  }

  private forget(key: string): void {
    const at = this.due.findIndex((due) => due.key === key);
    if (at >= 0) this.due.splice(at, 1);
    if (key.startsWith('activity-')) this.active.delete(Number(key.slice(9)));
  }

  private async activate(jobs: Job[]): Promise<readonly Command[]> {
    if (this.workflow === undefined) throw new Error('not started');
    const isQuery = jobs.some((job) => job.queryWorkflow);
    if (!isQuery) this.grow(3 + jobs.reduce((sum, job) => sum + (job.resolveActivity ? 2 : job.fireTimer ? 1 : 0), 0));
    const activation = coresdk.workflow_activation.WorkflowActivation.fromObject({
      runId: `${this.workflowId}-link-${this.lengths.length}`,
      timestamp: msNumberToTs(this.nowMs),
      historyLength: this.lengths.at(-1) ?? 0,
      historySizeBytes: this.sizes.at(-1) ?? 0,
      continueAsNewSuggested:
        (this.lengths.at(-1) ?? 0) >= SUGGESTED.events || (this.sizes.at(-1) ?? 0) >= SUGGESTED.bytes,
      jobs,
    });
    const completion = await this.workflow.activate(activation);
    await this.workflow.getAndResetSinkCalls();
    if (completion.failed)
      throw new Error(
        `workflow task failed: ${completion.failed.failure?.message}\n${completion.failed.failure?.stackTrace}`,
      );
    const commands = completion.successful?.commands ?? [];
    for (const command of commands) await this.obey(command);
    return commands;
  }

  private grow(events: number): void {
    this.lengths[this.lengths.length - 1] = (this.lengths.at(-1) ?? 0) + events;
  }

  /** @throws for a payload that a real server would complain of. */
  private weigh(what: string, payload: Payload): void {
    const bytes = payload.data?.length ?? 0;
    if (bytes > LARGEST_PAYLOAD) throw new Error(`${what} is a payload of ${bytes} bytes.`);
    this.sizes[this.sizes.length - 1] = (this.sizes.at(-1) ?? 0) + bytes;
  }

  private async obey(command: Command): Promise<void> {
    this.commands.push(describe(command));
    if (command.scheduleActivity) this.schedule(command);
    else if (command.requestCancelActivity) this.cancelActivity(Number(command.requestCancelActivity.seq));
    else if (command.startTimer) {
      this.grow(1);
      const { seq, startToFireTimeout } = command.startTimer;
      this.plan(`timer-${seq}`, tsToMs(startToFireTimeout), { fireTimer: { seq: seq ?? 0 } });
    } else if (command.cancelTimer) {
      this.grow(1);
      this.forget(`timer-${command.cancelTimer.seq}`);
    } else if (command.signalExternalWorkflowExecution) {
      const { seq, signalName, workflowExecution, args } = command.signalExternalWorkflowExecution;
      this.signals.push({ name: signalName ?? '', to: workflowExecution?.workflowId ?? '', input: value(args?.[0]) });
      this.plan(`signal-${seq}`, 1, { resolveSignalExternalWorkflow: { seq: seq ?? 0 } });
    } else if (command.startChildWorkflowExecution) {
      const { seq, workflowId } = command.startChildWorkflowExecution;
      this.children.push(workflowId ?? '');
      const succeeded = { runId: `${workflowId}-link-1` };
      this.plan(`child-${seq}`, 1, { resolveChildWorkflowExecutionStart: { seq: seq ?? 0, succeeded } });
    } else if (command.upsertWorkflowSearchAttributes) this.grow(1);
    else if (command.updateResponse?.accepted || command.updateResponse?.completed) this.grow(1);
    else if (command.completeWorkflowExecution) {
      this.outcome = { kind: 'completed', result: value(command.completeWorkflowExecution.result) as RunResult };
    } else if (command.cancelWorkflowExecution) this.outcome = { kind: 'cancelled' };
    else if (command.failWorkflowExecution) {
      const { failure } = command.failWorkflowExecution;
      this.outcome = { kind: 'failed', message: failure?.cause?.message ?? failure?.message ?? '' };
    } else if (command.continueAsNewWorkflowExecution) {
      await this.begin((command.continueAsNewWorkflowExecution.arguments ?? []) as Payload[]);
    }
  }

  private plan(key: string, afterMs: number, job: Job): void {
    this.order += 1;
    this.due.push({ atMs: this.nowMs + afterMs, order: this.order, job, key });
  }

  private schedule(command: Command): void {
    this.grow(1);
    const { seq, activityType, taskQueue, arguments: args, startToCloseTimeout } = command.scheduleActivity ?? {};
    const name = activityType as ActivityName;
    const input = value(args?.[0]);
    if (args?.[0]) this.weigh(`the input of ${name}`, args[0]);
    const summary = String(value(command.userMetadata?.summary) ?? '');
    const limitMs = tsToMs(startToCloseTimeout);
    this.scheduled.push({ name, input, summary, queue: taskQueue ?? '', atMs: this.nowMs, link: this.link, limitMs });
    this.active.set(Number(seq), { name, started: this.nowMs });
    const reply = this.reply(name, input);
    if ('never' in reply) return;
    if (!('fault' in reply)) this.weigh(`the result of ${name}`, defaultPayloadConverter.toPayload(reply.answer));
    const result =
      'fault' in reply
        ? {
            failed: {
              failure: activityFailure(name, {
                message: reply.fault,
                applicationFailureInfo: { type: reply.type ?? 'Error' },
              }),
            },
          }
        : { completed: { result: defaultPayloadConverter.toPayload(reply.answer) } };
    this.plan(`activity-${seq}`, reply.afterMs, { resolveActivity: { seq: seq ?? 0, result } });
  }

  /** The store is played here; an execution that was asked for before ends when it would have ended anyway. */
  private reply(name: ActivityName, input: unknown): Reply {
    const reply = replyTo(this.script, name, input);
    if (name === 'recordEvents' && 'answer' in reply)
      this.store(input as { from: number; events: readonly SearchEvent[] });
    if (name === 'saveSnapshot' && !('never' in reply))
      return this.keep((input as { snapshot: string }).snapshot, reply.afterMs);
    if (name === 'loadSnapshot') return { afterMs: 2, answer: this.snapshots.get((input as { ref: string }).ref) };
    if (name !== 'executeNode' || 'never' in reply) return reply;
    const { nodeId, attempt } = input as ExecuteInput;
    const id = `${nodeId}|${attempt}`;
    if (!this.executions.has(id)) this.executions.set(id, this.nowMs);
    const end = this.ends.get(id) ?? this.nowMs + reply.afterMs;
    this.ends.set(id, end);
    return { ...reply, afterMs: Math.max(1, end - this.nowMs) };
  }

  private keep(text: string, afterMs: number): Reply {
    const ref = `snapshot-${this.snapshots.size + 1}`;
    this.snapshots.set(ref, text);
    return { afterMs, answer: { ref, sha256: '0' } };
  }

  private store({ from, events }: { from: number; events: readonly SearchEvent[] }): void {
    for (const [offset, event] of events.entries()) this.recorded.set(from + offset, event);
  }

  private cancelActivity(seq: number): void {
    const activity = this.active.get(seq);
    if (activity === undefined) return;
    this.grow(1);
    const at = this.due.findIndex((due) => due.key === `activity-${seq}`);
    if (at >= 0) this.due.splice(at, 1);
    const failure = activityFailure(activity.name, { message: 'cancelled', canceledFailureInfo: {} });
    this.plan(`activity-${seq}`, CANCEL_MS, { resolveActivity: { seq, result: { cancelled: { failure } } } });
  }
}

function activityFailure(name: string, cause: Failure): Failure {
  return { message: 'Activity task failed', activityFailureInfo: { activityType: { name } }, cause };
}

function value(payload: unknown): unknown {
  return payload ? defaultPayloadConverter.fromPayload(payload as Payload) : undefined;
}

function describe(command: Command): string {
  const { scheduleActivity } = command;
  if (scheduleActivity) {
    return `${scheduleActivity.activityType} ${JSON.stringify(value(scheduleActivity.arguments?.[0]))}`;
  }
  return JSON.stringify(command, (_, part: unknown) =>
    part instanceof Uint8Array ? Buffer.from(part).toString() : part,
  );
}
