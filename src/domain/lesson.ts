/** What one run taught, kept for tasks of the same kind: found by traits, never by a task's name. */
import { z } from 'zod';
import { MetricName } from './metric.js';
import { Operator } from './operator.js';
import { Modality, TaskType } from './task.js';
import { Regime, type TaskCard } from './task-card.js';

export const LessonTraits = z.object({
  modality: Modality,
  taskType: TaskType,
  metric: MetricName,
  regimes: z.array(Regime),
});
export type LessonTraits = z.infer<typeof LessonTraits>;

/** What of a task decides which lessons are told. */
export function lessonTraitsOf({ modality, taskType, metric, regimes }: TaskCard): LessonTraits {
  return { modality, taskType, metric, regimes };
}

export const Lesson = z.object({
  /** `<run>/<node>`: writing it again replaces it. */
  id: z.string(),
  traits: LessonTraits,
  /** `paid`: a change that beat its parent; `lost`: one that did worse; `repaired`: a failure and its repair; `best`: what won the run. */
  kind: z.enum(['best', 'paid', 'lost', 'repaired']),
  operator: Operator,
  family: z.string(),
  /** One line: what was done. Written by an author, so untrusted. */
  text: z.string(),
  /** `paid` and `lost`: the paired difference in units of its standard error; positive is better. */
  effect: z.number().optional(),
  /** `repaired`: the signature of the failure. */
  signature: z.string().optional(),
  /** ISO 8601. */
  at: z.string(),
});
export type Lesson = z.infer<typeof Lesson>;
