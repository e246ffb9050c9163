/** One run as this link of its chain sees it: the search state, and what the workflow keeps beside it. */
import type { CancellationScope } from '@temporalio/workflow';
import { workflowInfo } from '@temporalio/workflow';
import type { PrepareResult } from '../activities/contract.js';
import type { AttestationReceipt } from '../domain/attestation.js';
import type { NodeId, RunId } from '../domain/ids.js';
import type { ModelMeter } from '../domain/model-meter.js';
import type { RunConfig } from '../domain/run-config.js';
import type { SearchEvent } from '../domain/run-event.js';
import type { Explanation, RunPhase, RunResult } from '../domain/run-status.js';
import { apply } from '../search/apply.js';
import type { Reservation, SearchState } from '../search/state.js';
import { append, type EventLog } from './event-log.js';
import type { CompetitionInput, Progress, SlotMeter, Trouble } from './input.js';
import { type Activities, activitiesOn } from './options.js';
import type { StoredPart } from './parts.js';
import { taskQueues } from './queues.js';

/** From the first moment on; `run` appears when the task is prepared. */
export interface Session {
  readonly input: CompetitionInput;
  readonly activities: Activities;
  readonly startedMs: number;
  phase: RunPhase;
  run: Run | null;
  result: RunResult | null;
  endedMs: number | null;
}

/** The only mutable things of a run. `state` is replaced through {@link happen} and in no other way. */
export interface Run {
  readonly runId: RunId;
  readonly config: RunConfig;
  readonly facts: PrepareResult;
  readonly activities: Activities;
  readonly continuations: number;
  state: SearchState;
  /** Grows with every event and wakes the scheduler. */
  version: number;
  readonly log: EventLog;
  readonly progress: Map<NodeId, Progress>;
  /** One scope for each node that has an activity in flight. */
  readonly scopes: Map<NodeId, CancellationScope>;
  /** Why each node that this link decided was made. */
  readonly explanations: Map<NodeId, Explanation>;
  meter: SlotMeter;
  trouble: Trouble;
  /** True while an activity writes events. */
  recording: boolean;
  /** Parts of the state that are stored already. */
  parts: readonly StoredPart[];
  /** What this link's history held when the run was taken over from parts: not of its own making. */
  readonly carried: Carried;
  /** What the model calls have come to, as the last proposal saw it. */
  model?: ModelMeter;
  /** Set while the isolation probe runs. */
  attesting?: CancellationScope;
  /** What it found. */
  isolation?: AttestationReceipt;
}

/** Events and bytes of a history. */
export interface Carried {
  readonly events: number;
  readonly bytes: number;
}
export const NOTHING_CARRIED: Carried = { events: 0, bytes: 0 };

export function carriedNow(): Carried {
  const { historyLength, historySize } = workflowInfo();
  return { events: historyLength, bytes: historySize };
}

export function openSession(input: CompetitionInput): Session {
  return {
    input,
    activities: activitiesOn(taskQueues(input.queuePrefix, input.config.executionClass)),
    startedMs: workflowInfo().startTime.getTime(),
    phase: 'preparing',
    run: null,
    result: null,
    endedMs: null,
  };
}

/** An event without its time. */
export type Happening = SearchEvent extends infer Event
  ? Event extends SearchEvent
    ? Omit<Event, 'atMs'>
    : never
  : never;

/** Applies one event at the workflow's time, and keeps it for the event store. One that no longer fits the state leaves no trace. */
export function happen(run: Run, happening: Happening): void {
  const event = { ...happening, atMs: Date.now() } as SearchEvent;
  const after = apply(run.state, event);
  if (after === run.state) return;
  run.meter = advance(run.meter, run.state, event.atMs);
  run.state = after;
  append(run.log, event);
  run.version += 1;
}

/** Brings the search's clock to the workflow's. */
export function tick(run: Run): void {
  if (run.state.clock.nowMs < Date.now()) happen(run, { kind: 'ticked' });
}

export function reservationOf(run: Run, nodeId: NodeId): Reservation | undefined {
  return run.state.reservations.find((reservation) => reservation.nodeId === nodeId);
}

/** Slot time up to `atMs`; a paused search has no slots to fill. */
export function advance(meter: SlotMeter, state: SearchState, atMs: number): SlotMeter {
  const elapsed = Math.max(0, atMs - meter.atMs);
  const busy = state.reservations.filter((reservation) => reservation.phase === 'executing').length;
  const offered = state.steering.paused ? busy : Math.max(busy, state.steering.slots);
  return { busyMs: meter.busyMs + busy * elapsed, slotMs: meter.slotMs + offered * elapsed, atMs };
}
