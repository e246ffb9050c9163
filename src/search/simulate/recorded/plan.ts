/** Plans of a recorded landscape. */

/** A recorded program, or the mean of several of them with equal weight, in the order in which they were joined. */
export type RecordedPlan = readonly number[];

/** Members of one mean: the composer's limit. */
export const MOST_MEMBERS = 4;

/** Plans of the same programs are one, in whatever order. */
export function keyOf(plan: RecordedPlan): string {
  return [...plan].sort((a, b) => a - b).join('+');
}

/** The plan with another program at a place; nothing when that is a member already. */
export function replaced(plan: RecordedPlan, place: number, program: number): readonly RecordedPlan[] {
  const next = plan.map((member, at) => (at === place ? program : member));
  return new Set(next).size === plan.length && keyOf(next) !== keyOf(plan) ? [next] : [];
}
