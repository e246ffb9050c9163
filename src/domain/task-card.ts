/** What the profiler found out about a task: everything that authors, knowledge and the ruler decide by. */
import { z } from 'zod';
import { Direction, MetricName, MetricOptions, PredictionKind } from './metric.js';
import { Modality, TaskType } from './task.js';

export const ColumnKind = z.enum([
  'number',
  'integer',
  'boolean',
  'category',
  'text',
  'date',
  'id',
  'path',
  'constant',
]);
export type ColumnKind = z.infer<typeof ColumnKind>;

export const ColumnProfile = z.object({
  name: z.string(),
  kind: ColumnKind,
  /** Share of missing cells in train, 0 to 1. */
  missing: z.number(),
  unique: z.number().int(),
  /** Present in test.csv too: only such columns may be used as features. */
  inTest: z.boolean(),
  min: z.number().optional(),
  max: z.number().optional(),
  /** Mean characters of a text. */
  meanLength: z.number().optional(),
});
export type ColumnProfile = z.infer<typeof ColumnProfile>;

/** tiny < 1,000 rows, small < 10,000, medium < 200,000, large above. */
export const Regime = z.enum([
  'tiny',
  'small',
  'medium',
  'large',
  'wide',
  'imbalanced',
  'grouped',
  'temporal',
  'many-classes',
  'missing-values',
  'high-cardinality',
]);
export type Regime = z.infer<typeof Regime>;

export const TaskCard = z.object({
  taskId: z.string(),
  title: z.string(),
  modality: Modality,
  taskType: TaskType,
  metric: MetricName,
  metricOptions: MetricOptions.optional(),
  direction: Direction,
  predictions: PredictionKind,
  /** The first of `targets` where there are several. */
  target: z.string(),
  /** Absent where there is one target. The submission then has one column for each, in this order. */
  targets: z.array(z.string()).optional(),
  idColumn: z.string(),
  /** Column names of submission.csv after the id, in order: the target, or one per class. */
  submissionColumns: z.array(z.string()),
  /** Labels as written in train.csv, in the order of the probability columns. Absent for regression. */
  classes: z.array(z.string()).optional(),
  targetRange: z.tuple([z.number(), z.number()]).optional(),
  group: z.string().optional(),
  time: z.string().optional(),
  image: z
    .object({
      folder: z.string(),
      column: z.string(),
      suffix: z.string(),
      width: z.number(),
      height: z.number(),
      channels: z.number(),
    })
    .optional(),
  rows: z.object({ train: z.number().int(), test: z.number().int() }),
  /** Feature and bookkeeping columns of train.csv, without the target. */
  columns: z.array(ColumnProfile),
  regimes: z.array(Regime),
  /** Python packages that programs may import, with their versions. */
  packages: z.record(z.string(), z.string()),
  /** What a person should look at: leak suspects, train-to-test drift, guesses. */
  warnings: z.array(z.string()),
});
export type TaskCard = z.infer<typeof TaskCard>;
