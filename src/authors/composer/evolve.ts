/** Evolve: what paid in this branch is done once more, in the same direction. */
import type { KnownProgram, ProposalRequest } from '../port.js';
import { memberSteps, planFrom, type Workshop, withMember, withParameter } from './change.js';
import { featureIdeas } from './feature-moves.js';
import type { PlannedIdea } from './operators.js';
import type { Plan, Step } from './plan.js';
import { literal } from './python-text.js';
import type { Random } from './random.js';
import { strategyIdeas } from './strategy-moves.js';
import { bounded, tuneIdeas } from './tune.js';

export function* evolveIdeas(
  plan: Plan,
  request: ProposalRequest,
  workshop: Workshop,
  random: Random,
): Iterable<PlannedIdea> {
  // The search names the nearest ancestor first; here each program stands after the one that it was made from.
  const history = [...request.references.toReversed(), ...(request.parent ? [request.parent] : [])];
  const paid = history.filter((program) => (program.versus?.parent?.delta ?? 0) > 0);
  for (const program of paid.toReversed()) yield* again(plan, program, history, workshop);
  const recommended = new Set(paid.flatMap((program) => featureIds(program, workshop)));
  yield* featureIdeas(plan, workshop, random, recommended);
  yield* strategyIdeas(plan, workshop, random, request.best);
  yield* tuneIdeas(plan, workshop, random);
}

/** Repeats the step from the program before `program` in the history, on the branch's present plan. */
function again(
  plan: Plan,
  program: KnownProgram,
  history: readonly KnownProgram[],
  workshop: Workshop,
): readonly PlannedIdea[] {
  const after = planFrom(program.plan, workshop);
  const before = planFrom(history[history.indexOf(program) - 1]?.plan, workshop);
  if (!after || !before) return [];
  const earlier = new Map(before.members.flatMap(memberSteps).map((step) => [step.component, step]));
  return after.members.flatMap(memberSteps).flatMap((step) => {
    const old = earlier.get(step.component);
    return old ? further(plan, old, step, workshop) : adopt(plan, step, workshop);
  });
}

function further(plan: Plan, old: Step, now: Step, { catalogue }: Workshop): readonly PlannedIdea[] {
  const { name, params } = catalogue.get(now.component);
  return params.flatMap((parameter) => {
    const [from, to] = [old.params[parameter.name], now.params[parameter.name]];
    if (typeof from !== 'number' || typeof to !== 'number' || from === to) return [];
    const value = bounded(parameter, parameter.log && from > 0 ? to * (to / from) : to + (to - from));
    const changes = [`${name}: ${parameter.name} once more in the direction that paid, ${literal(value)}`];
    return [{ plan: withParameter(plan, now.component, parameter.name, value), changes }];
  });
}

/** A component that paid earlier and has been lost since comes back. */
function adopt(plan: Plan, step: Step, workshop: Workshop): readonly PlannedIdea[] {
  const component = workshop.catalogue.get(step.component);
  const [member] = plan.members;
  if (!member || (component.slot !== 'feature' && component.slot !== 'encode')) return [];
  if (member[component.slot].some((each) => each.component === step.component)) return [];
  const next = { ...member, [component.slot]: [...member[component.slot], step] };
  return [{ plan: withMember(plan, 0, next, workshop), changes: [`bring back ${component.name}`] }];
}

function featureIds(program: KnownProgram, workshop: Workshop): readonly string[] {
  return (
    planFrom(program.plan, workshop)?.members.flatMap((member) => member.feature.map((step) => step.component)) ?? []
  );
}
