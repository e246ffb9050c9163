/** Predictions of recorded programs and of their means, and what the rows say of them. Kept for as long as they fit. */

import { keyOf, type RecordedPlan } from './plan.js';
import type { Recording } from './recording.js';
import { type Measured, measure, midranks, type Rows } from './row-metrics.js';

export interface Answer {
  readonly search: Float64Array;
  readonly final: Float64Array;
  readonly test: Float64Array;
}

export interface Answers {
  readonly rows: { readonly search: Rows; readonly final: Rows; readonly test: Rows };
  /** Equal weights: what a program that averages these models writes, where nothing but the mean follows. */
  readonly of: (plan: RecordedPlan) => Answer;
  /** On the rows that programs are searched for on. */
  readonly measured: (plan: RecordedPlan) => Measured;
  /** The search rows in the space in which complementarity is measured: ranks where only the order counts. */
  readonly comparable: (plan: RecordedPlan) => Float64Array;
}

/** Means whose rows are kept. */
const KEPT = 1500;

export function answersOf(recording: Recording): Answers {
  const rows = rowsOf(recording);
  const of = remembered((plan: RecordedPlan) => split(recording, meanOver(plan.map(recording.predictions))));
  const measured = remembered((plan) => measure(rows.search, of(plan).search));
  const isRanked = recording.metric === 'auc';
  const comparable = remembered((plan) => (isRanked ? shares(of(plan).search) : of(plan).search));
  return { rows, of, measured, comparable };
}

function rowsOf({ metric, direction, rows }: Recording): Answers['rows'] {
  const sign = direction === 'maximise' ? 1 : -1;
  const [hidden, test] = (rows.truth ?? [[], []]).map((values) => Float64Array.from(values));
  const { searched, chosen } = sidesOf(rows.searched);
  const side = (wanted: readonly number[]): Rows => ({
    metric,
    sign,
    truth: rows.truth ? at(hidden, wanted) : new Float64Array(),
    ...(rows.group && { group: wanted.map((row) => rows.group?.[row] ?? 0) }),
  });
  return { search: side(searched), final: side(chosen), test: { metric, sign, truth: test ?? new Float64Array() } };
}

/** Numbers of the hidden rows that are searched on, and of those for the final choice. */
function sidesOf(searched: readonly boolean[]): { searched: readonly number[]; chosen: readonly number[] } {
  const all = searched.map((_, row) => row);
  const others = all.filter((row) => !searched[row]);
  return { searched: all.filter((row) => searched[row]), chosen: others.length > 0 ? others : all };
}

function split({ rows }: Recording, predictions: Float64Array): Answer {
  const { searched, chosen } = sidesOf(rows.searched);
  const [search, final] = [at(predictions, searched), at(predictions, chosen)];
  return { search, final, test: predictions.subarray(rows.hidden, rows.hidden + rows.test) };
}

function at(values: Float64Array | undefined, rows: readonly number[]): Float64Array {
  return Float64Array.from(rows, (row) => values?.[row] ?? 0);
}

/** With equal weights, or those given; they must sum to 1. */
export function meanOver(all: readonly Float64Array[], weights?: readonly number[]): Float64Array {
  const [first = new Float64Array()] = all;
  if (all.length === 1) return first;
  const sum = new Float64Array(first.length);
  for (const [place, values] of all.entries()) {
    const weight = weights?.[place] ?? 1 / all.length;
    for (let row = 0; row < sum.length; row += 1) sum[row] = (sum[row] ?? 0) + weight * (values[row] ?? 0);
  }
  return sum;
}

function shares(values: Float64Array): Float64Array {
  return midranks(values).map((rank) => (rank - 0.5) / values.length);
}

function remembered<T>(make: (plan: RecordedPlan) => T): (plan: RecordedPlan) => T {
  const kept = new Map<string, T>();
  return (plan) => {
    const key = keyOf(plan);
    const found = kept.get(key);
    if (found !== undefined) return found;
    const made = make(plan);
    if (kept.size >= KEPT) kept.clear();
    kept.set(key, made);
    return made;
  };
}
