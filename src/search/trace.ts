/** The numbers behind a choice, small enough for a history: the first and the last steps, the largest arms of each. */
import type { SelectionTrace } from '../domain/run-event.js';
import { rounded } from './is-better.js';
import type { Move } from './move.js';
import type { Step } from './select.js';
import type { Arm } from './uct.js';

/** Arms kept for each step. */
const ARMS = 3;
/** Steps kept below the root. */
const STEPS = 5;

export function traceOf(policy: string, { path, reason, draws }: Move): SelectionTrace {
  const kept = path.filter((_, place) => place === 0 || place >= path.length - STEPS);
  return { policy, reason, path: kept.map(stepOf), draws: { ...draws } };
}

function stepOf({ at, chosen, arms }: Step): SelectionTrace['path'][number] {
  return { at, chosen: chosen.to, arms: arms.slice(0, ARMS).map(armOf) };
}

function armOf({ to, value, exploration, visits, inFlight }: Arm): SelectionTrace['path'][number]['arms'][number] {
  return { arm: to, value: rounded(value), exploration: rounded(exploration), visits, inFlight };
}
