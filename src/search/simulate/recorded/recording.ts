/**
 * A landscape of real programs, each of which ran once: what it cost, what it scored, what it predicted, and which of the others the author
 * would have made of it. Programs are numbers, 0 to n - 1; `bench/tensor` records them and says how.
 */
import type { Direction } from '../../../domain/metric.js';
import type { FailureClass } from '../../../domain/outcome.js';

/** Metrics that can be computed from one number a row. */
export type RecordedMetric = 'auc' | 'rmse' | 'rmsle' | 'logloss';

/** A program, the mean of several, or (-1, -2, -3) the mean with the first, second, third partner that the run offers. */
export type Target = number | readonly number[];

/** For each program, for each of `seeds` draws of the author: its ideas in their order. */
export type Ideas = readonly (readonly (readonly Target[])[])[];

export interface RecordedMoves {
  readonly seeds: number;
  /** First programs that the author offers to everybody, in this order. */
  readonly portfolio: readonly Target[];
  /** And then, one list for each draw. */
  readonly draft: readonly (readonly Target[])[];
  readonly tune: Ideas;
  readonly features: Ideas;
  readonly strategy: Ideas;
  /** Repairs of each program, of which it is its own first. */
  readonly debug: readonly (readonly number[])[];
  /** Additions to each program: the component, and the program that has it too. */
  readonly add: readonly (readonly (readonly [component: number, program: number])[])[];
  /** Members that a mean can be had with when the best of the run offer none. */
  readonly partners: readonly number[];
  /** How the columns of a program are made, and its model: numbers below `parts` and `models`. */
  readonly part: readonly number[];
  readonly model: readonly number[];
  readonly parts: number;
  readonly models: number;
  /** Components of each part. */
  readonly components: readonly (readonly number[])[];
  /** Row: a part, column: a model. The program that has both; -1: none was recorded. */
  readonly cross: readonly number[];
  /** Row: a program, column: a part. The program with the columns of both; -1: none was recorded. */
  readonly union: readonly number[];
}

/** Of a program that failed `search`, `final` and `test` are null. Scores are the evaluator's, in the unit of the metric. */
export interface RecordedProgram {
  readonly family: number;
  /** CPU seconds in a warm process. */
  readonly seconds: number;
  readonly search: number | null;
  readonly final: number | null;
  readonly test: number | null;
  readonly failure?: FailureClass;
}

/** In the order of the predictions. */
export interface RecordedRows {
  readonly hidden: number;
  readonly test: number;
  /** For each hidden row: whether programs are searched for on it. The others, or all if there are none, are for the final choice. */
  readonly searched: readonly boolean[];
  /** Hidden rows that belong together, or null. */
  readonly group: readonly number[] | null;
  /** Truth of the hidden and of the test rows, for rmsle as log(1 + x); null where predictions are those of the true class. */
  readonly truth: readonly [readonly number[], readonly number[]] | null;
}

export interface Recording {
  readonly landscape: string;
  readonly metric: RecordedMetric;
  readonly direction: Direction;
  /** Score of the best constant answer. */
  readonly constant: number;
  /** CPU seconds that each run needs before the program begins, its libraries included. */
  readonly startSeconds: number;
  readonly families: readonly string[];
  readonly programs: readonly RecordedProgram[];
  readonly moves: RecordedMoves;
  readonly rows: RecordedRows;
  /** Predictions of a program in the space in which means are taken: at the hidden rows, then at the test rows. */
  readonly predictions: (program: number) => Float64Array;
}
