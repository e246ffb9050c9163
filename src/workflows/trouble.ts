/**
 * Infrastructure that fails costs the search nothing: work goes back to the queue, and when it keeps failing the run is blocked, its
 * clock stands, and one piece of work at a time is tried with growing distance. The search counts lost executions itself
 * (`releasesInRow`); unanswered proposals and the probing are kept here.
 */
import type { Trouble } from './input.js';
import { happen, type Run } from './run.js';

/** Executions of one program that may be lost before it goes back to the queue. */
export const LOST_PER_RELEASE = 3;
/** Executions of one program that may be lost while others end well: after that it is the program that does it. */
export const LOST_PER_NODE = 9;
/** Unanswered proposals in a row after which the run is blocked. */
const UNANSWERED = 3;
/** Failed probes after which an unanswered proposal counts against its place in the graph: it may be the place. */
const PROBES_BEFORE_REJECTION = 3;
const FIRST_PROBE_MS = 30_000;
const LAST_PROBE_MS = 10 * 60_000;

export function healthy(unscored: Trouble['unscored'] = []): Trouble {
  return { proposals: 0, unscored, probes: 0, probing: false };
}

/** Something ended as it should, or a person has taken over: the next fault counts as the first. */
export function cleared(run: Run): void {
  run.trouble = healthy(run.trouble.unscored);
}

/** The author is there. Whether executions end well again is another matter. */
export function answered(run: Run): void {
  run.trouble = { ...run.trouble, proposals: 0 };
}

/** True when the last thing that ended, ended as it should. */
export function isHealthy({ trouble, state }: Run): boolean {
  return !trouble.probing && state.releasesInRow === 0;
}

export function remember(run: Run, cause: string, proposals = run.trouble.proposals): void {
  run.trouble = { ...run.trouble, cause, proposals };
}

/** True when a place in the graph that the author cannot answer for should be counted as closed. */
export function isStubborn(run: Run): boolean {
  return run.trouble.probes >= PROBES_BEFORE_REJECTION;
}

/** Blocks, plans the next probe, or probes, as it has to be now. Harmless to repeat. */
export function watch(run: Run): void {
  const { trouble } = run;
  const { paused, blocked } = run.state.steering;
  if (blocked === undefined) {
    const why = paused ? undefined : fault(run);
    if (why !== undefined) block(run, why);
    else if (trouble.probeAtMs !== undefined) cleared(run);
  } else if (trouble.probeAtMs === undefined) plan(run);
  else if (trouble.probeAtMs <= Date.now()) probe(run);
}

/** While it is tried whether the trouble is over, only one thing of a kind is in flight. */
export function mayStart(run: Run, phase: 'proposing' | 'executing'): boolean {
  return !run.trouble.probing || !run.state.reservations.some((reservation) => reservation.phase === phase);
}

/** One fault is enough while probing. */
function fault({ trouble, state }: Run): string | undefined {
  const faults = trouble.probing ? trouble.proposals + state.releasesInRow : 0;
  return faults > 0 || trouble.proposals >= UNANSWERED ? (trouble.cause ?? 'unknown') : undefined;
}

function block(run: Run, why: string): void {
  happen(run, { kind: 'paused', blocked: why });
  plan(run);
}

function plan(run: Run): void {
  const delay = Math.min(LAST_PROBE_MS, FIRST_PROBE_MS * 2 ** run.trouble.probes);
  const probes = run.trouble.probes + 1;
  run.trouble = { ...run.trouble, proposals: 0, probes, probing: false, probeAtMs: Date.now() + delay };
}

function probe(run: Run): void {
  const { probeAtMs: _, ...rest } = run.trouble;
  run.trouble = { ...rest, probing: true };
  happen(run, { kind: 'resumed' });
}
