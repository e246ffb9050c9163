/** How many proposals are made or wait beyond the free slots, so that no slot idles while its next program is written. */
import type { Pace, SearchState } from './state.js';

/** Times of each kind that are remembered. */
const REMEMBERED = 50;
/** Until a proposal and a program have been timed. */
const AT_FIRST = 1;
/** An author's worker writes 20 proposals at a time. */
const MOST = 16;
/** Proposals that all slots together use up in a tenth of the time it takes to make one are made when they are wanted. */
const NEGLIGIBLE = 0.1;

/**
 * What is configured, or with `auto` ⌈slots × p90 of a proposal's time ÷ median of a program's time⌉ + slots, at most 16: as many as are used
 * up while one is written, and one more for each slot. None where proposals take next to no time, since each is decided on older news.
 */
export function proposalsAhead(state: SearchState): number {
  const { proposalsAhead: configured } = state.config;
  if (configured !== 'auto') return configured;
  const proposalMs = quantile(state.pace?.proposals ?? [], 0.9);
  const programMs = quantile(state.pace?.programs ?? [], 0.5);
  if (proposalMs === undefined || programMs === undefined) return AT_FIRST;
  const { slots } = state.steering;
  const used = (slots * proposalMs) / Math.max(1, programMs);
  return used < NEGLIGIBLE ? 0 : Math.min(MOST, Math.ceil(used) + slots);
}

/** Remembers how long something took; only where that is asked for. */
export function timed(state: SearchState, kind: keyof Pace, tookMs: number): SearchState {
  if (state.config.proposalsAhead !== 'auto') return state;
  const { pace = { proposals: [], programs: [] } } = state;
  return { ...state, pace: { ...pace, [kind]: [...pace[kind], tookMs].slice(-REMEMBERED) } };
}

function quantile(times: readonly number[], share: number): number | undefined {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
