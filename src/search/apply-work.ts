/** Events of a node that is on its way: reserved, proposed, started, executed, and the ways back. */
import type { SearchEvent } from '../domain/run-event.js';
import type { Cost } from '../domain/score.js';
import { timed } from './ahead.js';
import { applyPause, unblock } from './apply-steering.js';
import { rejectionKey, rejectionsOf } from './closed.js';
import { addCost, NO_COST, withExecutions } from './cost.js';
import { nodeOf, numberOf, reservationOf } from './graph.js';
import { advanceStreams } from './random.js';
import type { Reservation, SearchState } from './state.js';

export type EventOf<K extends SearchEvent['kind']> = Extract<SearchEvent, { kind: K }>;

/** Infrastructure failures in a row, over all nodes, after which the run is blocked. */
const RELEASES_TO_BLOCK = 3;
/** Reason of a rejection that closes the parent for the move at once. */
const EXHAUSTED = 'exhausted';

/** Takes a name once: the number of a node is never used again, not even of one that was cancelled. Moves every random stream on. */
export function reserve(state: SearchState, event: EventOf<'reserved'>): SearchState {
  const number = numberOf(event.nodeId);
  if (!(number >= state.nextNode) || (event.parent !== 'root' && !nodeOf(state, event.parent))) return state;
  const { nodeId, parent, branch, operator, variant, references, seed, committed, why, added } = event;
  const reservation: Reservation = {
    ...{ nodeId, parent, branch, operator, references, seed, committed, why },
    ...(variant === undefined ? {} : { variant }),
    ...(added === undefined ? {} : { added }),
    ...{ phase: 'proposing', try: 0, sinceMs: state.clock.nowMs, spent: NO_COST },
  };
  return {
    ...state,
    nextNode: number + 1,
    streams: advanceStreams(state.streams),
    references: [...state.references, ...event.references],
    reservations: [...state.reservations, reservation],
  };
}

export function markProposed(state: SearchState, event: EventOf<'proposed'>): SearchState {
  const { programRef, planRef, fingerprint, family } = event;
  const before = reservationOf(state, event.nodeId);
  const after = update(state, event, ['proposing'], (work) => ({
    ...charged(work, event.cost),
    programRef,
    planRef,
    fingerprint,
    family,
    phase: 'ready',
    sinceMs: state.clock.nowMs,
  }));
  // A person's program took nobody's time.
  if (after === state || !before || before.added) return after;
  return timed(after, 'proposals', state.clock.nowMs - before.sinceMs);
}

/** No node comes of it. Too many of these, or a single `exhausted`, close the parent for this move; a person's program says nothing of the author. */
export function reject(state: SearchState, event: EventOf<'proposal-rejected'>): SearchState {
  const work = reservationOf(state, event.nodeId);
  if (!work || (work.phase !== 'proposing' && work.phase !== 'ready')) return state;
  const free = { ...withoutReservation(state, work), spent: addCost(state.spent, withExecutions(event.cost, 0)) };
  if (work.added) return { ...free, rejected: state.rejected + 1 };
  const key = rejectionKey(work.parent, work.operator, work.variant);
  const before = rejectionsOf(state, key);
  const after = event.reason.startsWith(EXHAUSTED) ? state.config.rejectionsPerParent : before + 1;
  return {
    ...free,
    rejections: { ...state.rejections, [key]: Math.max(before, after) },
    rejected: state.rejected + 1,
  };
}

/** From `ready`, from `evaluating` when more folds are to be run, or afresh in the same slot under a higher try. */
export function markStarted(state: SearchState, event: EventOf<'started'>): SearchState {
  const work = reservationOf(state, event.nodeId);
  if (work?.phase === 'executing' && event.try <= work.try) return state;
  return update(state, event, ['ready', 'executing', 'evaluating'], (before) => ({
    ...before,
    try: event.try,
    phase: 'executing',
    sinceMs: state.clock.nowMs,
  }));
}

/** Frees the slot; that a program came to its end shows that the infrastructure works. */
export function markExecuted(state: SearchState, event: EventOf<'executed'>): SearchState {
  const before = reservationOf(state, event.nodeId);
  const after = update(state, event, ['executing'], (work) => ({
    ...charged(work, event.cost),
    phase: 'evaluating',
    sinceMs: state.clock.nowMs,
  }));
  if (after === state || !before) return state;
  return timed(unblock(after), 'programs', state.clock.nowMs - before.sinceMs);
}

/** The program goes back to the queue, to be started as its next try; its node is not charged. Three releases in a row block the run. */
export function release(state: SearchState, event: EventOf<'released'>): SearchState {
  const after = update(state, event, ['executing', 'evaluating'], (work) => ({
    ...charged(work, event.cost),
    phase: 'ready',
    sinceMs: state.clock.nowMs,
  }));
  if (after === state) return state;
  const releasesInRow = state.releasesInRow + 1;
  const counted = { ...after, releasesInRow };
  return releasesInRow >= RELEASES_TO_BLOCK && !state.steering.paused ? applyPause(counted, event.cause) : counted;
}

export function withoutReservation(state: SearchState, work: Reservation): SearchState {
  return { ...state, reservations: state.reservations.filter((other) => other !== work) };
}

function charged(work: Reservation, cost: Cost): Reservation {
  return { ...work, spent: addCost(work.spent, withExecutions(cost, 0)) };
}

/** Changes one reservation in its place and books what it has cost since; the same state when it is not in one of the phases. */
function update(
  state: SearchState,
  event: { readonly nodeId: Reservation['nodeId'] },
  phases: readonly Reservation['phase'][],
  change: (work: Reservation) => Reservation,
): SearchState {
  const work = reservationOf(state, event.nodeId);
  if (!work || !phases.includes(work.phase)) return state;
  const after = change(work);
  const cost = 'cost' in event ? withExecutions(event.cost as Cost, 0) : NO_COST;
  return {
    ...state,
    spent: addCost(state.spent, cost),
    reservations: state.reservations.map((other) => (other === work ? after : other)),
  };
}
