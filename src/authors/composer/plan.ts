/** A plan is what the composer thinks in: components by slot with their parameters. A program is only its rendering. */
import { z } from 'zod';

const ParameterValue = z.union([z.number(), z.string(), z.boolean()]);
export type ParameterValue = z.infer<typeof ParameterValue>;

/** One component in use. `component` is the id of its knowledge entry. */
export const Step = z.strictObject({ component: z.string(), params: z.record(z.string(), ParameterValue) });
export type Step = z.infer<typeof Step>;

/** From rows to predictions: how the columns become a matrix, and the model that learns from it. */
export const Member = z.strictObject({
  clean: z.array(Step),
  encode: z.array(Step),
  feature: z.array(Step),
  select: z.array(Step),
  model: Step,
});
export type Member = z.infer<typeof Member>;

/** Two or more members are averaged with equal weight. */
export const Plan = z.strictObject({
  format: z.literal(1),
  load: Step,
  /** What the models are asked: a number, or a distribution over the classes. Ordinal targets allow both. */
  objective: z.enum(['regression', 'classification']),
  members: z.array(Member).min(1).max(4),
  calibrate: z.array(Step),
  ensemble: z.array(Step),
  post: z.array(Step),
  seed: z.number().int().nonnegative(),
});
export type Plan = z.infer<typeof Plan>;

export type MemberSlot = 'clean' | 'encode' | 'feature' | 'select';
export type FrameSlot = 'calibrate' | 'ensemble' | 'post';
export const MEMBER_SLOTS: readonly MemberSlot[] = ['clean', 'encode', 'feature', 'select'];
export const FRAME_SLOTS: readonly FrameSlot[] = ['calibrate', 'ensemble', 'post'];

/** All steps of a member in the order in which they act. */
export function stepsOf(member: Member): readonly Step[] {
  return [...MEMBER_SLOTS.flatMap((slot) => member[slot]), member.model];
}

/** Ids of every component of the plan, each once, in the order of use. */
export function componentsOf(plan: Plan): readonly string[] {
  const steps = [plan.load, ...plan.members.flatMap(stepsOf), ...FRAME_SLOTS.flatMap((slot) => plan[slot])];
  return [...new Set(steps.map((step) => step.component))];
}
