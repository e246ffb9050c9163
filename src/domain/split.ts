/** The frozen division of a task's rows: made once, outside every candidate. */
import { z } from 'zod';
import { Score } from './score.js';
import { TaskCard } from './task-card.js';

export const SplitManifest = z.object({
  /** `script`: nothing could be hidden; the program scores itself. */
  mode: z.enum(['holdout', 'folds', 'script']),
  /** Why this mode and this relation were taken; shown to the user. */
  reason: z.string(),
  /** How test rows relate to train rows, copied by the split. */
  relation: z.enum(['random', 'group', 'time', 'group+time']),
  stratified: z.boolean(),
  seed: z.number().int(),
  /** Labelled rows in all; hidden rows for the search score; hidden rows for the published estimate. */
  rows: z.object({ labelled: z.number().int(), search: z.number().int(), final: z.number().int() }),
  folds: z.number().int().nonnegative(),
  /** SHA-256 over the assignment of every labelled row. */
  hash: z.string(),
});
export type SplitManifest = z.infer<typeof SplitManifest>;

/** A task ready to be searched. All paths are absolute and local to the evaluator and the executor. */
export const PreparedTask = z.object({
  card: TaskCard,
  split: SplitManifest,
  /** Input folders by view: `main` and `full` in hold-out mode; `fold1` … `foldK` and `full` in K-fold mode. */
  views: z.record(z.string(), z.string()),
  /** Only the evaluator reads it; mode 0700. */
  hiddenFolder: z.string(),
  /** Only the evaluator writes it: predictions per node. */
  predictionsFolder: z.string(),
  /** A valid submission for the task's own test rows that needs no program (class shares, median). */
  baselineSubmission: z.string(),
  baseline: Score,
});
export type PreparedTask = z.infer<typeof PreparedTask>;
