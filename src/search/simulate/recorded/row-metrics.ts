/** The metrics of recorded landscapes, with the influence of each row on them: value, paired difference and its error as the evaluator's. */
import type { WorldPair } from '../world.js';
import type { RecordedMetric } from './recording.js';

/** Least probability before the logarithm, as in the evaluator. */
const LEAST = 1e-15;

export interface Rows {
  readonly metric: RecordedMetric;
  /** 1: larger is better, -1: smaller is better. */
  readonly sign: 1 | -1;
  /** Empty for `logloss`, whose predictions are the probabilities of the true classes. */
  readonly truth: Float64Array;
  /** Rows of one group count as one draw. */
  readonly group?: readonly number[];
}

/** Predictions with what comparisons need of them, worked out once. */
export interface Measured {
  readonly value: number;
  /** Change of the metric with the weight of each row, times the number of rows; up to a constant. */
  readonly influence: Float64Array;
}

export function measure(rows: Rows, predictions: Float64Array): Measured {
  if (rows.metric === 'auc') return areaUnderCurve(rows.truth, predictions);
  const losses = lossesOf(rows, predictions);
  const mean = meanOf(losses);
  const value = rows.metric === 'logloss' ? mean : Math.sqrt(mean);
  const slope = rows.metric === 'logloss' ? 1 : value > 0 ? 1 / (2 * value) : 0;
  for (let row = 0; row < losses.length; row += 1) losses[row] = slope * ((losses[row] ?? 0) - mean);
  return { value, influence: losses };
}

/** The value alone. */
export function scoreOf(rows: Rows, predictions: Float64Array): number {
  if (rows.metric === 'auc') return rankSum(rows.truth, predictions);
  const mean = meanOf(lossesOf(rows, predictions));
  return rows.metric === 'logloss' ? mean : Math.sqrt(mean);
}

function lossesOf({ metric, truth }: Rows, predictions: Float64Array): Float64Array {
  const losses = new Float64Array(predictions.length);
  for (let row = 0; row < losses.length; row += 1) {
    const value = predictions[row] ?? 0;
    losses[row] = metric === 'logloss' ? -Math.log(Math.max(value, LEAST)) : (value - (truth[row] ?? 0)) ** 2;
  }
  return losses;
}

/** `delta` > 0: the first is better. The error is that of the difference of two means over rows, or over groups of rows. */
export function pairedDifference(rows: Rows, first: Measured, second: Measured): WorldPair {
  const apart = new Float64Array(first.influence.length);
  for (let row = 0; row < apart.length; row += 1)
    apart[row] = (first.influence[row] ?? 0) - (second.influence[row] ?? 0);
  return { delta: rows.sign * (first.value - second.value) + 0, pairedSE: errorOfMean(apart, rows.group) };
}

export function errorOfMean(contributions: Float64Array, group?: readonly number[]): number {
  const rows = contributions.length;
  const mean = meanOf(contributions);
  const sums = group ? sumsByGroup(contributions, group, mean) : contributions;
  const middle = group ? 0 : mean;
  if (rows < 2 || sums.length < 2) return 0;
  let total = 0;
  for (const sum of sums) total += (sum - middle) ** 2;
  return Math.sqrt((total * sums.length) / (sums.length - 1)) / rows;
}

function sumsByGroup(values: Float64Array, group: readonly number[], mean: number): readonly number[] {
  const sums = new Map<number, number>();
  for (const [row, value] of values.entries()) {
    const name = group[row] ?? 0;
    sums.set(name, (sums.get(name) ?? 0) + value - mean);
  }
  return [...sums.values()];
}

/** By placements (DeLong, DeLong and Clarke-Pearson 1988): the share of the other class that a row is ranked rightly against. */
function areaUnderCurve(truth: Float64Array, predictions: Float64Array): Measured {
  const rows = truth.length;
  const ranks = midranks(predictions);
  const positives = truth.reduce((sum, label) => sum + label, 0);
  const negatives = rows - positives;
  const own = [midranks(predictions, truth, 0), midranks(predictions, truth, 1)] as const;
  const shares = ranks.map((rank, row) =>
    truth[row] === 1 ? (rank - (own[1][row] ?? 0)) / negatives : 1 - (rank - (own[0][row] ?? 0)) / positives,
  );
  const value = shares.reduce((sum, share, row) => sum + (truth[row] === 1 ? share : 0), 0) / positives;
  const scales = [scaleOf(negatives, rows), scaleOf(positives, rows)] as const;
  return { value, influence: shares.map((share, row) => (share - value) * (truth[row] === 1 ? scales[1] : scales[0])) };
}

/** The area alone, by the ranks of the positives (Mann and Whitney). */
function rankSum(truth: Float64Array, predictions: Float64Array): number {
  const ranks = midranks(predictions);
  let [sum, positives] = [0, 0];
  for (let row = 0; row < truth.length; row += 1) {
    if (truth[row] !== 1) continue;
    sum += ranks[row] ?? 0;
    positives += 1;
  }
  return (sum - (positives * (positives + 1)) / 2) / (positives * (truth.length - positives));
}

/** So that the mean square over all rows is DeLong's variance times their number. */
function scaleOf(count: number, rows: number): number {
  return (Math.sqrt(count / Math.max(count - 1, 1)) * rows) / count;
}

/** Ranks from 1, equal values sharing theirs; with `truth` only among the rows of that class, 0 elsewhere. */
export function midranks(values: Float64Array, truth?: Float64Array, wanted?: number): Float64Array {
  const order: number[] = [];
  for (let row = 0; row < values.length; row += 1) if (!truth || truth[row] === wanted) order.push(row);
  order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to += 1;
    for (let place = from; place < to; place += 1) ranks[order[place] ?? 0] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / Math.max(1, values.length);
}
