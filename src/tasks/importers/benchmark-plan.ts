/** What is known about a benchmark's competition before it is run or graded. Kept beside an imported task as `benchmark.json`. */
import { z } from 'zod';
import { Direction, MetricName, MetricOptions } from '../../domain/metric.js';
import { Task } from '../../domain/task.js';

export const BenchmarkMetric = z.object({
  name: MetricName,
  options: MetricOptions.optional(),
  /** The benchmark reports one minus this metric, as for a top-1 error. */
  complement: z.boolean().optional(),
  /** Where it was read: the grading code is trusted, the grader's label and the description less so. */
  source: z.enum(['code', 'label', 'description']),
});
export type BenchmarkMetric = z.infer<typeof BenchmarkMetric>;

/** How to run the benchmark's own grading code. */
export const ForeignGrader = z.discriminatedUnion('benchmark', [
  z.object({ benchmark: z.literal('mle-bench'), checkout: z.string(), gradeFunction: z.string(), entry: z.string() }),
  z.object({
    benchmark: z.literal('mle-dojo'),
    checkout: z.string().optional(),
    metricFile: z.string(),
    entry: z.string(),
  }),
]);
export type ForeignGrader = z.infer<typeof ForeignGrader>;

/** Absolute paths. Nothing here is shown to programs: `answers` and the boards lie outside the task's public folder. */
export const BenchmarkPlan = z.object({
  benchmark: z.enum(['mle-bench', 'mle-dojo']),
  competitionId: z.string(),
  publicFolder: z.string(),
  answers: z.string().optional(),
  grader: ForeignGrader.optional(),
  metric: BenchmarkMetric.optional(),
  direction: Direction.optional(),
  /** Columns of the submission that carry an id, and those that are predicted. */
  idColumns: z.array(z.string()),
  columns: z.array(z.string()),
  /** Where no single column is an id: rows are numbered for programs, and the sample gives the answer its own columns back. */
  rowNumbers: z.object({ column: z.string(), sample: z.string() }).optional(),
  /** The first one decides medals; all of them HumanRank. */
  boards: z.array(z.string()),
  task: Task,
  /** What a person should know, one sentence each. */
  notes: z.array(z.string()),
});
export type BenchmarkPlan = z.infer<typeof BenchmarkPlan>;

/** A small table that is written beside the links to the public files. */
export interface DerivedTable {
  readonly name: string;
  make(): Promise<string>;
}

export interface PlannedBenchmark {
  readonly plan: BenchmarkPlan;
  readonly derived: readonly DerivedTable[];
}
