/** A task as its author describes it: a folder with `task.toml`, or a table, a target and a metric. */
import { z } from 'zod';
import { Direction, MetricName, MetricOptions } from './metric.js';

export const Modality = z.enum([
  'tabular',
  'text-classification',
  'text-regression',
  'image-classification',
  'image-regression',
]);
export type Modality = z.infer<typeof Modality>;

/** `multilabel` and `multi-regression` predict several columns; `text` predicts cells that are scored as they stand. */
export const TaskType = z.enum([
  'binary',
  'multiclass',
  'ordinal',
  'regression',
  'count',
  'multilabel',
  'multi-regression',
  'text',
]);
export type TaskType = z.infer<typeof TaskType>;

/** Paths are relative to the task's folder. Whatever is absent is found by the profiler. */
export const Task = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/)
    .describe('Short name: lower-case letters, digits, hyphens.'),
  title: z.string().optional().describe('One line for people.'),
  train: z.string().default('train.csv').describe('Labelled table.'),
  test: z.string().default('test.csv').describe('Table to predict.'),
  sample_submission: z.string().optional().describe('Form of the answer; made from the test ids when absent.'),
  description: z.string().optional().describe('Markdown file that says what the task is.'),
  target: z.string().describe('Column of train.csv to predict; the first one where there are several.'),
  targets: z
    .array(z.string())
    .min(2)
    .optional()
    .describe('All columns to predict where there are several. In task.toml: target = ["a", "b"].'),
  id_column: z.string().optional().describe('Column that names a row in test.csv and in the submission.'),
  metric: MetricName.describe('Name of the metric.'),
  metric_options: MetricOptions.optional().describe('What the metric needs beyond its name.'),
  direction: Direction.optional().describe('Overrides the direction of the metric.'),
  type: TaskType.optional().describe('Kind of prediction.'),
  modality: Modality.optional().describe('Kind of data.'),
  group: z.string().optional().describe('Column whose values must not be split between train and hidden rows.'),
  time: z.string().optional().describe('Column that orders rows in time.'),
  drop: z.array(z.string()).default([]).describe('Columns that no program shall see.'),
  images: z.string().optional().describe('Folder of image files.'),
  image_column: z.string().optional().describe('Column that names the image file of a row.'),
  ruler: z
    .enum(['hidden', 'script'])
    .optional()
    .describe('script: the program scores itself; only where no rows can be hidden, and then taken without asking.'),
  other_files: z
    .boolean()
    .optional()
    .describe('Whether programs also get the other files of the folder, as far as they are harmless. Default true.'),
});
export type Task = z.infer<typeof Task>;

/** A task that was found on disk: absolute folder of its public files and, for practice only, of its private ones. */
export const TaskSource = z.object({ task: Task, folder: z.string(), privateFolder: z.string().optional() });
export type TaskSource = z.infer<typeof TaskSource>;
