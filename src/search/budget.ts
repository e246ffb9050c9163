/** One question before everything that costs: does it fit into what is neither spent nor promised? */
import type { Cost } from '../domain/score.js';
import { proposalsAhead } from './ahead.js';
import { medianSeconds } from './estimates.js';
import { reserveMs, runLimitSeconds, searchMs } from './limits.js';
import type { Reservation, SearchState } from './state.js';

/** Least time worth starting a program for before any has finished, milliseconds. */
const FIRST_START_MS = 5000;

/** Time the run has used, milliseconds; pauses are free. */
export function elapsedMs(state: SearchState): number {
  return Math.max(0, state.clock.nowMs - state.clock.startedMs - pausedMs(state));
}

/** When the whole budget is used up, on the clock of `clock.nowMs`; a pause moves it. */
export function deadlineMs(state: SearchState): number {
  return state.clock.startedMs + state.config.budgetMs + pausedMs(state);
}

/** When the search ends and the reserve begins. */
export function searchEndMs(state: SearchState): number {
  return deadlineMs(state) - reserveMs(state);
}

/** What is left for the search, milliseconds; negative when it is over. */
export function timeLeftMs(state: SearchState): number {
  return searchEndMs(state) - state.clock.nowMs;
}

/** τ: share of the search that is over, 0 to 1, by time or by executions, whichever is further. */
export function progress(state: SearchState): number {
  const time = elapsedMs(state) / Math.max(1, searchMs(state));
  return Math.min(1, Math.max(time, state.spent.executions / state.config.executions));
}

/** Executions neither spent nor promised to a reservation; negative after the cap was lowered. */
export function executionsLeft(state: SearchState): number {
  const promised = state.reservations.reduce((sum, reservation) => sum + reservation.committed.executions, 0);
  return state.config.executions - state.spent.executions - promised;
}

/** Limit of a program that starts now, seconds: it never reaches into the reserve. */
export function runSecondsNow(state: SearchState): number {
  const leftMs = Math.min(runLimitSeconds(state.config) * 1000, timeLeftMs(state));
  return Math.max(1, Math.floor(leftMs)) / 1000;
}

/** A program is not started, or proposed, with less time left than this, milliseconds: 1.2 × the running median, at least 1 s. */
export function leastTimeMs(state: SearchState): number {
  const median = medianSeconds(state);
  const least = median === undefined ? FIRST_START_MS : Math.max(1000, 1200 * median);
  return Math.ceil(Math.min(least, searchMs(state) / 4));
}

/** True when the model calls of one more proposal fit under the caps, with what is spent and what is promised to proposals under way. */
export function isAffordable({ caps, capped, spent, reservations }: SearchState, committed: Cost): boolean {
  if (capped !== undefined) return false;
  if (caps === undefined) return true;
  const under = (cap: number | undefined, of: (cost: Cost) => number): boolean => {
    if (cap === undefined) return true;
    const open = reservations.filter(({ phase }) => phase === 'proposing');
    return open.reduce((sum, reservation) => sum + of(reservation.committed), of(spent) + of(committed)) <= cap;
  };
  return under(caps.usd, ({ usd }) => usd ?? 0) && under(caps.tokens, ({ tokens }) => tokens);
}

export function freeSlots(state: SearchState): number {
  return Math.max(0, state.steering.slots - count(state, 'executing'));
}

/** Proposals still wanted: one for each free slot and those to be kept ahead, less those made or being made. */
export function proposalsWanted(state: SearchState): number {
  return freeSlots(state) + proposalsAhead(state) - count(state, 'proposing') - count(state, 'ready');
}

function count(state: SearchState, phase: Reservation['phase']): number {
  return state.reservations.filter((reservation) => reservation.phase === phase).length;
}

/** All pauses so far, the open one included. */
function pausedMs({ clock }: SearchState): number {
  return clock.pausedMs + (clock.pausedSinceMs === undefined ? 0 : Math.max(0, clock.nowMs - clock.pausedSinceMs));
}
