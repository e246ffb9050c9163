/** The loop of a run: ask the search what to do, do it, wait for what comes of it. */
import { condition, workflowInfo } from '@temporalio/workflow';
import { decide } from '../search/decide.js';
import type { Decision } from '../search/state.js';
import { type Alarm, createAlarm } from './alarm.js';
import { dispatch, runProgram, stop } from './node.js';
import { propose } from './propose.js';
import { happen, type Run, reservationOf, tick } from './run.js';
import { mayStart, watch } from './trouble.js';

/** Proposals may take this long to end before the run continues as new. */
const DRAIN_MS = 60_000;

/** What a link adds to what it was given, before it follows the server's suggestion to end: about half of what the server suggests it at. */
const OWN_EVENTS = 2_000;
const OWN_BYTES = 2 * 1024 * 1024;

export type Ending =
  | Extract<Decision, { kind: 'finish' }>
  /** The history is long enough: go on in a new link of the chain. */
  | { readonly kind: 'continue' };

/**
 * Runs until the search is over, or until it should continue as new. `show` is called whenever the run waits.
 * Whatever is in flight when it returns `continue` can be adopted; nothing else can be.
 */
export async function search(run: Run, show: () => void): Promise<Ending> {
  const alarm = createAlarm();
  adopt(run);
  let drainUntilMs: number | undefined;
  try {
    for (;;) {
      tick(run);
      watch(run);
      if (drainUntilMs === undefined && isLong(run)) drainUntilMs = Date.now() + DRAIN_MS;
      const draining = drainUntilMs !== undefined;
      const decision = decide(run.state);
      if (decision.kind === 'finish') return decision;
      if (drainUntilMs !== undefined && isDrained(run, drainUntilMs)) return { kind: 'continue' };
      if (act(run, decision, draining)) continue;
      show();
      await rest(run, alarm, earliest(wakeTime(run, decision), drainUntilMs), drainUntilMs);
    }
  } finally {
    alarm.stop();
  }
}

/** Takes up again what an earlier link had in flight: the same execution ids, the same call ids. */
function adopt(run: Run): void {
  for (const reservation of run.state.reservations) {
    if (run.progress.has(reservation.nodeId)) void runProgram(run, reservation.nodeId);
    else if (reservation.phase === 'proposing') void propose(run, reservation.nodeId);
  }
}

/** Carries a decision out. Returns false when there is nothing to do but wait. */
function act(run: Run, decision: Decision, draining: boolean): boolean {
  switch (decision.kind) {
    case 'expand':
      if (draining || !mayStart(run, 'proposing') || awaitsTurn(run)) return false;
      expand(run, decision);
      return true;
    case 'dispatch':
      if (!mayStart(run, 'executing')) return false;
      dispatch(run, decision.nodeId, decision.runSeconds);
      void runProgram(run, decision.nodeId);
      return true;
    case 'discard':
    case 'cancel':
      stop(run, decision.nodeId, decision.why);
      return true;
    default:
      return false;
  }
}

/** The composer answers in milliseconds, and two answers made at the same moment would not know of each other: one at a time. */
function awaitsTurn({ config, state }: Run): boolean {
  return config.author === 'composer' && state.reservations.some((reservation) => reservation.phase === 'proposing');
}

function expand(run: Run, decision: Extract<Decision, { kind: 'expand' }>): void {
  const { kind: _, references, ...choice } = decision;
  const { nodeId, operator, variant, parent, why } = choice;
  happen(run, { kind: 'reserved', ...choice, references: [...references] });
  const named = variant === undefined ? {} : { variant };
  run.explanations.set(nodeId, { nodeId, operator, ...named, parent, references, why });
  void propose(run, nodeId);
}

/** A paused run is woken by people, a blocked one by its next probe. */
function wakeTime(run: Run, decision: Decision): number | undefined {
  if (run.state.steering.blocked !== undefined) return run.trouble.probeAtMs;
  return decision.kind === 'wait' ? decision.deadlineMs : undefined;
}

/** Waits for an event, for the alarm, or for the end of what keeps the run from continuing as new. */
async function rest(
  run: Run,
  alarm: Alarm,
  wakeMs: number | undefined,
  drainUntilMs: number | undefined,
): Promise<void> {
  const { version } = run;
  const rung = alarm.rung();
  if (wakeMs !== undefined) alarm.set(wakeMs);
  const isFree = () => drainUntilMs !== undefined && isDrained(run, drainUntilMs);
  await condition(() => run.version !== version || alarm.rung() !== rung || isFree());
}

/** What was carried over does not count: a link that begins with a large state would end at once, and so would all after it. */
function isLong({ config, carried }: Run): boolean {
  const { historyLength, historySize, continueAsNewSuggested } = workflowInfo();
  const events = historyLength - carried.events;
  const limit = config.continueAsNewEvents;
  if (limit !== undefined && events >= limit) return true;
  return (
    continueAsNewSuggested && (carried.events === 0 || events >= OWN_EVENTS || historySize - carried.bytes >= OWN_BYTES)
  );
}

/** Executions go on and evaluations are repeated for nothing; proposals should have ended, and so must what is being cancelled. */
function isDrained(run: Run, untilMs: number): boolean {
  if (Date.now() >= untilMs) return true;
  const proposing = run.state.reservations.some(({ phase }) => phase === 'proposing');
  const dying = [...run.scopes.keys()].some((nodeId) => reservationOf(run, nodeId) === undefined);
  return !proposing && !dying && !run.recording;
}

function earliest(first: number | undefined, second: number | undefined): number | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return Math.min(first, second);
}

/** Waits until no activity of a node is left, at most `limitMs`. */
export async function settled(run: Run, limitMs: number): Promise<void> {
  if (run.scopes.size > 0) await condition(() => run.scopes.size === 0, limitMs);
}
