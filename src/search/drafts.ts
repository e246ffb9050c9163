/** How many first programs are written before deepening. */
import { isClosed } from './closed.js';
import { expectedNodes } from './estimates.js';
import { graphOf } from './graph.js';
import type { SearchState } from './state.js';

/**
 * Five drafts for up to 40 expected nodes, eight for 100, twenty from 300 on, straight lines between; never above a quarter of the expected
 * nodes, at least one. Many cheap nodes repay a broad start, few dear ones do not.
 */
export function draftsFor(expected: number): number {
  const wanted = expected <= 100 ? line(expected, 40, 5, 100, 8) : line(expected, 100, 8, 300, 20);
  return Math.max(1, Math.floor(Math.min(wanted, expected / 4)));
}

/** True while drafts, those in flight included, are fewer than wanted and the author has more to offer. */
export function wantsDraft(state: SearchState): boolean {
  const { drafts } = state.config;
  return canDraft(state) && draftCount(state) < (drafts === 'auto' ? draftsFor(expectedNodes(state)) : drafts);
}

/** When nothing else is open, drafts may go on to a quarter of the expected nodes, and beyond it rather than end the search. */
export function mayDraftMore(state: SearchState): boolean {
  return canDraft(state) && (state.reservations.length === 0 || draftCount(state) < expectedNodes(state) / 4);
}

export function canDraft(state: SearchState): boolean {
  return !isClosed(state, 'root', 'draft');
}

/** Drafts finished and in flight. */
export function draftCount(state: SearchState): number {
  const inFlight = state.reservations.filter(({ operator }) => operator === 'draft').length;
  return graphOf(state).operators.draft + inFlight;
}

/** The value at `x` of the line through two points, held constant outside them. */
function line(x: number, x0: number, y0: number, x1: number, y1: number): number {
  return y0 + (y1 - y0) * Math.min(1, Math.max(0, (x - x0) / (x1 - x0)));
}
