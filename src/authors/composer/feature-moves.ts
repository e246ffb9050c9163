/** Improve by features: add, exchange or remove one preparation or feature component of one member. */
import { type Component, fits, stepOf } from './catalogue.js';
import { type Workshop, withMember } from './change.js';
import type { PlannedIdea } from './operators.js';
import type { Member, MemberSlot, Plan, Step } from './plan.js';
import type { Random } from './random.js';

type Move = PlannedIdea & { readonly weight: number };
const SLOTS: readonly MemberSlot[] = ['feature', 'encode', 'select'];

/** Recommended components first, otherwise in random order. */
export function* featureIdeas(
  plan: Plan,
  workshop: Workshop,
  random: Random,
  recommended: ReadonlySet<string>,
): Iterable<PlannedIdea> {
  const index = random.below(plan.members.length);
  const member = plan.members[index];
  if (!member) return;
  const moves = [
    ...additions(plan, index, member, workshop, recommended),
    ...removals(plan, index, member, workshop),
    ...exchanges(plan, index, member, workshop),
  ];
  const ordered = random.shuffle(moves).toSorted((a, b) => b.weight - a.weight);
  const changed = ordered.filter((move) => JSON.stringify(move.plan) !== JSON.stringify(plan));
  yield* changed;
  // Two moves at once, when every single one has been tried.
  for (const move of changed) {
    const again = move.plan.members[index];
    if (again) yield* additions(move.plan, index, again, workshop, recommended).map((next) => both(move, next));
  }
}

function both(first: PlannedIdea, second: PlannedIdea): PlannedIdea {
  return { plan: second.plan, changes: [...first.changes, ...second.changes] };
}

/** Components of this slot that the task and the shape of its data allow. */
export function candidates(slot: MemberSlot, { facts, catalogue }: Workshop): readonly Component[] {
  const group = { table: 'data.feature.', text: 'data.text.', image: 'data.image.' }[facts.shape];
  return [...catalogue.components.values()].filter((component) => {
    if (component.slot !== slot || !fits(component, facts.card)) return false;
    if (slot === 'encode') return facts.shape === 'table';
    return slot === 'select' || component.id.startsWith(group);
  });
}

function additions(
  plan: Plan,
  index: number,
  member: Member,
  workshop: Workshop,
  recommended: ReadonlySet<string>,
): readonly Move[] {
  return SLOTS.flatMap((slot) => {
    if (slot === 'select') return [];
    const used = new Set(member[slot].map((step) => step.component));
    return candidates(slot, workshop)
      .filter((component) => !used.has(component.id) && !component.conflicts.some((id) => used.has(id)))
      .map((component) => ({
        plan: withMember(plan, index, { ...member, [slot]: [...member[slot], stepOf(component)] }, workshop),
        changes: [`add ${component.name}`],
        weight: (recommended.has(component.id) ? 1 : 0) + (slot === 'feature' ? 1 : 0.5),
      }));
  });
}

function removals(plan: Plan, index: number, member: Member, workshop: Workshop): readonly Move[] {
  return SLOTS.flatMap((slot) =>
    member[slot].map((step) => ({
      plan: withMember(plan, index, { ...member, [slot]: without(member[slot], step) }, workshop),
      changes: [`remove ${workshop.catalogue.get(step.component).name}`],
      weight: 0.8,
    })),
  );
}

function exchanges(plan: Plan, index: number, member: Member, workshop: Workshop): readonly Move[] {
  if (!workshop.catalogue.get(member.model.component).needs.has('scaled')) return [];
  return candidates('select', workshop)
    .filter((component) => !member.select.some((step) => step.component === component.id))
    .map((component) => ({
      plan: withMember(plan, index, { ...member, select: [stepOf(component)] }, workshop),
      changes: [`${component.name} before the model`],
      weight: 0.7,
    }));
}

export function without(steps: readonly Step[], step: Step): Step[] {
  return steps.filter((each) => each.component !== step.component);
}
