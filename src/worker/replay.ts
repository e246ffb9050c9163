/** Replays a recorded history under a workflow bundle, without a server, and names the first decision that would differ. */
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { type History, historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import { UserError } from '../domain/errors.js';

export type { History };

type HistoryEvent = NonNullable<History['events']>[number];

export type ReplayReport =
  | { readonly kind: 'ok'; readonly events: number }
  | {
      readonly kind: 'diverged';
      /** Id of the recorded event that this code would not have caused; absent when the history ends before it. */
      readonly eventId?: number;
      /** What Temporal says about it. */
      readonly message: string;
      /** The recorded decision, in words: `executeNode "n7 improve ← n3 · main"`. */
      readonly decision: string;
      /** What this code decides in its place, as an activity id: `propose n5 improve tune n2 687157465`. Absent when Temporal does not say. */
      readonly instead?: string;
    };

/** Where the workflow code comes from: a prebuilt bundle, as text or as a file. */
export type Bundle = { readonly code: string } | { readonly codePath: string };

/** Before the first replay of a process: the report says what went wrong, the engine need not say it again. */
export function keepQuiet(): void {
  const filter = makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' });
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {}, filter } } });
}

/**
 * `history` is a history object, or its JSON as text or parsed. Says nothing; the SDK logs through its runtime.
 * @throws UserError `history-unreadable` when it is no history.
 */
export async function replayHistory(history: unknown, bundle: Bundle): Promise<ReplayReport> {
  const events = eventsOf(history);
  const failure = await attempt(events, bundle);
  if (failure === undefined) return { kind: 'ok', events: events.length };
  const event = namedEvent(events, failure) ?? (await firstDifferent(events, bundle, failure));
  const instead = /activity id of activity command '([^']+)'/.exec(failure.message)?.[1];
  return {
    kind: 'diverged',
    ...(event === undefined ? {} : { eventId: Number(event.eventId) }),
    message: failure.message,
    decision: event === undefined ? 'what comes after the recorded history' : decisionOf(events, event),
    ...(instead === undefined ? {} : { instead }),
  };
}

function eventsOf(history: unknown): readonly HistoryEvent[] {
  try {
    const parsed = typeof history === 'string' ? (JSON.parse(history) as unknown) : history;
    const { events } = parsed as History;
    const first = events?.[0];
    if (!events || !first) throw new Error('it has no events');
    return typeof first.eventId === 'string' ? (historyFromJSON(parsed).events ?? []) : events;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(
      'history-unreadable',
      `This is not a workflow history: ${reason}.`,
      'Give a file made by `temporal workflow show --output json` or by `automlgen replay --save`.',
      { cause },
    );
  }
}

/** Returns the error of a replay that fails, nothing for one that succeeds. */
async function attempt(events: readonly HistoryEvent[], bundle: Bundle): Promise<Error | undefined> {
  const histories = [{ workflowId: 'replay', history: { events: [...events] } }];
  for await (const { error } of Worker.runReplayHistories({ workflowBundle: bundle }, histories)) return error;
  return undefined;
}

/** Most divergences name the recorded event that the code did not ask for. */
function namedEvent(events: readonly HistoryEvent[], { message }: Error): HistoryEvent | undefined {
  const recorded = /scheduled event '([^']+)'/.exec(message)?.[1];
  const scheduled = events.find((event) => event.activityTaskScheduledEventAttributes?.activityId === recorded);
  if (recorded !== undefined && scheduled) return scheduled;
  const id = /HistoryEvent\(id: (\d+)/.exec(message)?.[1];
  return id === undefined ? undefined : events.find((event) => Number(event.eventId) === Number(id));
}

/**
 * Of the earliest workflow task after which the history does not replay, found by halving: the first command of the type that Temporal
 * complains about, else the first one.
 */
async function firstDifferent(
  events: readonly HistoryEvent[],
  bundle: Bundle,
  { message }: Error,
): Promise<HistoryEvent | undefined> {
  const tasks = events.flatMap((event, index) => (event.workflowTaskCompletedEventAttributes ? [index] : []));
  let good = -1;
  let bad = tasks.length - 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const failure = await attempt(events.slice(0, endOfCommands(events, tasks[middle] ?? 0)), bundle);
    if (failure === undefined) good = middle;
    else bad = middle;
  }
  const completed = tasks[bad];
  if (completed === undefined) return undefined;
  const commands = events.slice(completed + 1, endOfCommands(events, completed));
  const type = /Activity type of scheduled event '([^']+)'/.exec(message)?.[1];
  return commands.find((event) => typeOf(event) === type) ?? commands[0];
}

/** Type of the activity that an event schedules; null for all other events. */
function typeOf({ activityTaskScheduledEventAttributes: scheduled }: HistoryEvent): string | null {
  return scheduled?.activityType?.name ?? null;
}

function endOfCommands(events: readonly HistoryEvent[], task: number): number {
  const next = events.findIndex((event, index) => index > task && event.workflowTaskScheduledEventAttributes);
  return next < 0 ? events.length : next;
}

function decisionOf(events: readonly HistoryEvent[], event: HistoryEvent): string {
  const scheduledId = event.activityTaskStartedEventAttributes?.scheduledEventId;
  const ended = event.activityTaskCompletedEventAttributes ?? event.activityTaskFailedEventAttributes;
  const cause = ended?.scheduledEventId ?? scheduledId;
  const source =
    cause === undefined ? event : (events.find(({ eventId }) => Number(eventId) === Number(cause)) ?? event);
  const scheduled = source.activityTaskScheduledEventAttributes;
  if (scheduled) return `${scheduled.activityType?.name ?? 'activity'} "${summaryOf(source)}"`;
  if (source.timerStartedEventAttributes) return 'a timer';
  if (source.upsertWorkflowSearchAttributesEventAttributes) return 'the search attributes';
  if (source.workflowExecutionCompletedEventAttributes) return 'the end of the run';
  if (source.workflowExecutionContinuedAsNewEventAttributes) return 'the continuation of the run';
  return `event ${Number(source.eventId)}`;
}

function summaryOf(event: HistoryEvent): string {
  const summary = event.userMetadata?.summary;
  return summary ? String(defaultPayloadConverter.fromPayload(summary as Payload)) : `event ${Number(event.eventId)}`;
}
