/** A recording small enough to be worked out by hand: six programs of three families, made-up predictions, one that failed. */
import { randomOf } from '../../src/search/simulate/chance.js';
import type { Ideas, RecordedMetric, Recording, Target } from '../../src/search/simulate/recorded/recording.js';

export const HIDDEN = 320;
export const TEST = 200;
/** Number of the program that failed. */
export const FAILED = 5;
const PROGRAMS = 6;
const SEEDS = 2;

/** Two models (rows of `cross`) on three parts; program 5 is the third part under the second model and failed. */
export function tinyRecording(metric: RecordedMetric = 'rmse', grouped = false): Recording {
  const random = randomOf(7);
  const draws = (count: number) => Array.from({ length: count }, random);
  const isClass = metric === 'auc';
  const truth = draws(HIDDEN + TEST).map((value) => (isClass ? Number(value > 0.5) : value));
  const predictions = Array.from({ length: PROGRAMS }, (_, program) =>
    Float64Array.from(draws(HIDDEN + TEST), (noise, row) =>
      predicted(metric, truth[row] ?? 0, noise, 0.2 + 0.1 * program),
    ),
  );
  const score = (rows: readonly [number, number], program: number) =>
    naiveScore(metric, truth.slice(...rows), [...(predictions[program] ?? [])].slice(...rows));
  return {
    landscape: 'tiny',
    metric,
    direction: isClass ? 'maximise' : 'minimise',
    constant: isClass ? 0.5 : 9,
    startSeconds: 1,
    families: ['linear', 'trees', 'neighbours'],
    programs: Array.from({ length: PROGRAMS }, (_, program) => {
      const common = { family: program % 3, seconds: 0.5 + program / 10 };
      if (program === FAILED)
        return { ...common, search: null, final: null, test: null, failure: 'exception' as const };
      const search = score([0, HIDDEN], program);
      return { ...common, search, final: search, test: score([HIDDEN, HIDDEN + TEST], program) };
    }),
    moves: {
      seeds: SEEDS,
      portfolio: [0, 1],
      draft: [[2, [0, 3]], [3]],
      tune: ideas([[3], [4], [FAILED], [0], [1], [2]]),
      features: ideas([[1, 2], [0], [0, 1], [4], [3], [3]]),
      strategy: ideas([[-1, 3], [-1, -2, 4], [0], [0], [1], [2]]),
      debug: Array.from({ length: PROGRAMS }, () => [2, 4]),
      add: [[[0, 1]], [[1, 2]], [], [[0, 4]], [], []],
      partners: [0, 1, 2],
      part: [0, 1, 2, 0, 1, 2],
      model: [0, 0, 0, 1, 1, 1],
      parts: 3,
      models: 2,
      components: [[], [0], [0, 1]],
      cross: [0, 3, 1, 4, 2, -1],
      union: [0, 1, 2, 1, 1, 2, 2, 2, 2, 3, 4, -1, 4, 4, -1, -1, -1, -1],
    },
    rows: {
      hidden: HIDDEN,
      test: TEST,
      searched: Array.from({ length: HIDDEN }, () => true),
      group: grouped ? Array.from({ length: HIDDEN }, (_, row) => Math.floor(row / 4)) : null,
      truth: metric === 'logloss' ? null : [truth.slice(0, HIDDEN), truth.slice(HIDDEN)],
    },
    predictions: (program) => predictions[program] ?? new Float64Array(HIDDEN + TEST),
  };
}

function predicted(metric: RecordedMetric, truth: number, noise: number, spread: number): number {
  if (metric === 'logloss') return Math.max(0.01, 1 - spread * noise * 2);
  // Classes must overlap for the order to err.
  return truth + (metric === 'auc' ? 8 : 2) * spread * (noise - 0.5);
}

function ideas(lists: readonly (readonly Target[])[]): Ideas {
  return lists.map((list) => [list, [...list].reverse()]);
}

/** The metrics in their plainest form. */
export function naiveScore(metric: RecordedMetric, truth: readonly number[], values: readonly number[]): number {
  const mean = (of: (value: number, row: number) => number) =>
    values.map(of).reduce((a, b) => a + b, 0) / values.length;
  if (metric === 'logloss') return mean((value) => -Math.log(value));
  if (metric !== 'auc') return Math.sqrt(mean((value, row) => (value - (truth[row] ?? 0)) ** 2));
  let [wins, pairs] = [0, 0];
  for (const [row, label] of truth.entries()) {
    for (const [other, otherLabel] of truth.entries()) {
      if (label !== 1 || otherLabel !== 0) continue;
      const [own, their] = [values[row] ?? 0, values[other] ?? 0];
      wins += own > their ? 1 : own === their ? 0.5 : 0;
      pairs += 1;
    }
  }
  return wins / pairs;
}
