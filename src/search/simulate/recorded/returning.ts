/** Evolve on recorded programs: components of ancestors that paid and have been lost since, one at a time. */
import type { WorldMove } from '../world.js';
import { type RecordedPlan, replaced } from './plan.js';
import type { Recording } from './recording.js';

/**
 * `references` are the ancestors, nearest first. An ancestor paid when its score beats that of the one before it. A component that
 * comes back does so with its default parameters.
 */
export function* returning(
  recording: Recording,
  { references }: WorldMove<RecordedPlan>,
  parent: RecordedPlan,
): Iterable<RecordedPlan> {
  const { moves } = recording;
  const line = [parent, ...references.map(({ plan }) => plan)];
  const paid = line.filter((plan, place) => hasPaid(recording, plan, line[place + 1]));
  const [own = 0] = parent;
  for (const component of new Set(paid.flatMap((plan) => componentsOf(recording, plan)))) {
    const added = moves.add[own]?.find(([added]) => added === component);
    if (added) yield* replaced(parent, 0, added[1]);
  }
}

function componentsOf({ moves }: Recording, plan: RecordedPlan): readonly number[] {
  return plan.flatMap((member) => moves.components[moves.part[member] ?? 0] ?? []);
}

/** By single programs: a mean counts as its first member. */
function hasPaid({ programs, direction }: Recording, [plan]: RecordedPlan, before: RecordedPlan | undefined): boolean {
  const [now, then] = [programs[plan ?? -1]?.search, programs[before?.[0] ?? -1]?.search];
  if (now === undefined || now === null || then === undefined || then === null) return false;
  return direction === 'maximise' ? now > then : now < then;
}
