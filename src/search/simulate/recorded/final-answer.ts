/** What a replayed search hands in at its end: its best program, or the blend that the final rows ask for. Judged by the test rows. */
import { type Answers, meanOver } from './answers.js';
import { keyOf, type RecordedPlan } from './plan.js';
import { scoreOf } from './row-metrics.js';

/** Best by search score that may join the blend. */
const CANDIDATES = 12;
const ROUNDS = 25;
const PATIENCE = 4;

export interface BlendedAnswer {
  readonly test: number;
  readonly members: readonly { readonly plan: RecordedPlan; readonly weight: number }[];
}

/**
 * Greedy forward selection with replacement (Caruana and others 2004) among the best by search score, on the final rows. `plans`: all valid plans
 * of the search. Nothing without any.
 */
export function blendOf(answers: Answers, plans: readonly RecordedPlan[]): BlendedAnswer | undefined {
  const { rows, of, measured } = answers;
  const better = rows.search.sign;
  const candidates = [...plans]
    .sort((a, b) => better * (measured(b).value - measured(a).value) || (keyOf(a) < keyOf(b) ? -1 : 1))
    .slice(0, CANDIDATES);
  const weights = selected(
    candidates.map((plan) => of(plan).final),
    (mean) => better * scoreOf(rows.final, mean),
  );
  if (weights.length === 0) return undefined;
  const test = meanOver(
    candidates.map((plan) => of(plan).test),
    weights,
  );
  const members = candidates.flatMap((plan, place) => (weights[place] ? [{ plan, weight: weights[place] }] : []));
  return { test: scoreOf(rows.test, test), members };
}

/** Weights by place, summing to 1. */
function selected(spaces: readonly Float64Array[], quality: (mean: Float64Array) => number): readonly number[] {
  const picks: number[] = [];
  let [sum, best, length] = [new Float64Array(spaces[0]?.length ?? 0), Number.NEGATIVE_INFINITY, 0];
  while (spaces.length > 0 && picks.length < ROUNDS && picks.length - length <= PATIENCE) {
    const tried = spaces.map((space) => {
      const mean = sum.map((value, row) => (value + (space[row] ?? 0)) / (picks.length + 1));
      return quality(mean);
    });
    const pick = tried.indexOf(Math.max(...tried));
    picks.push(pick);
    sum = sum.map((value, row) => value + (spaces[pick]?.[row] ?? 0));
    if ((tried[pick] ?? 0) > best) [best, length] = [tried[pick] ?? 0, picks.length];
  }
  const kept = picks.slice(0, length);
  return kept.length === 0 ? [] : spaces.map((_, place) => kept.filter((pick) => pick === place).length / kept.length);
}
