/** Fuse and aggregate: new programs from the plans of other branches. */
import type { KnownProgram } from '../port.js';
import { answers } from './catalogue.js';
import { family, planFrom, type Workshop, withMember, withMembers } from './change.js';
import type { PlannedIdea } from './operators.js';
import type { Member, Plan } from './plan.js';

/** One named reference at a time: average with it, its model on our features, its features under our model. */
export function* fuseIdeas(plan: Plan, references: readonly KnownProgram[], workshop: Workshop): Iterable<PlannedIdea> {
  for (const reference of references) {
    const theirs = planFrom(reference.plan, workshop);
    if (theirs) yield* crossings(plan, theirs, reference, workshop);
  }
}

function* crossings(plan: Plan, theirs: Plan, reference: KnownProgram, workshop: Workshop): Iterable<PlannedIdea> {
  const { catalogue } = workshop;
  const [own] = plan.members;
  const [other] = theirs.members;
  if (!own || !other) return;
  const from = `from ${reference.nodeId}`;
  const usable = (member: Member): boolean => answers(catalogue.get(member.model.component), plan.objective);
  if (usable(other)) {
    const joined = distinct([...plan.members, ...theirs.members.filter(usable)]);
    if (joined.length > plan.members.length) {
      yield {
        plan: withMembers(plan, joined, workshop),
        changes: [`average with ${catalogue.get(other.model.component).name} ${from}`],
      };
    }
    const model = withMember(plan, 0, { ...own, model: other.model }, workshop);
    yield { plan: model, changes: [`model ${catalogue.get(other.model.component).name} ${from}`] };
  }
  const features = withMember(plan, 0, { ...other, model: own.model }, workshop);
  yield { plan: features, changes: [`features ${from}`] };
  const union = { ...own, feature: distinctSteps([...own.feature, ...other.feature]) };
  yield { plan: withMember(plan, 0, union, workshop), changes: [`features of both, ${from}`] };
}

/** The best plan of each family, averaged: all, then the best three, then the best two. */
export function* aggregateIdeas(references: readonly KnownProgram[], workshop: Workshop): Iterable<PlannedIdea> {
  const plans = references.flatMap((reference) => planFrom(reference.plan, workshop) ?? []);
  const [first] = plans;
  if (!first) return;
  const members = plans
    .flatMap((plan) => plan.members)
    .filter((member) => answers(workshop.catalogue.get(member.model.component), first.objective));
  const families = [
    ...new Map(members.toReversed().map((member) => [family(member, workshop.catalogue), member])).values(),
  ].reverse();
  const names = (chosen: readonly Member[]): string =>
    chosen.map((member) => workshop.catalogue.get(member.model.component).name).join(', ');
  for (const chosen of selections(families, distinct(members))) {
    yield { plan: withMembers(first, chosen, workshop), changes: [`mean of ${names(chosen)}`] };
  }
}

function selections(families: readonly Member[], all: readonly Member[]): readonly (readonly Member[])[] {
  const sizes = [4, 3, 2].flatMap((size) => [families.slice(0, size), all.slice(0, size)]);
  return sizes.filter((chosen) => chosen.length > 1);
}

function distinct(members: readonly Member[]): readonly Member[] {
  return [...new Map(members.map((member) => [JSON.stringify(member), member])).values()];
}

function distinctSteps(steps: Member['feature']): Member['feature'] {
  return steps.filter((step, index) => steps.findIndex((each) => each.component === step.component) === index);
}
