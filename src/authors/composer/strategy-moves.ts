/** Improve by strategy: the target, the seeds, the weights of classes, the decision, a second model. */
import type { KnownProgram } from '../port.js';
import { framed, memberOf } from './assemble.js';
import { answers, fits, stepOf } from './catalogue.js';
import { family, isSeeded, planFrom, type Workshop, withMember, withMembers, withParameter } from './change.js';
import type { PlannedIdea } from './operators.js';
import { type FrameSlot, type Member, Plan } from './plan.js';
import { PORTFOLIO } from './portfolio.js';
import type { Random } from './random.js';

export function* strategyIdeas(
  plan: Plan,
  workshop: Workshop,
  random: Random,
  best: readonly KnownProgram[],
): Iterable<PlannedIdea> {
  const moves = [
    ...seedBag(plan, workshop),
    ...toggle(plan, 'post', 'strategy.target.log1p', workshop),
    ...toggle(plan, 'calibrate', 'strategy.calibration.temperature', workshop),
    ...toggle(plan, 'post', 'strategy.postprocess.prior-shift', workshop),
    ...balance(plan, workshop),
    ...otherObjective(plan, workshop),
    ...secondMember(plan, workshop, best),
    ...otherModel(plan, workshop),
  ];
  yield* random.shuffle(moves);
}

function seedBag(plan: Plan, { catalogue, facts }: Workshop): readonly PlannedIdea[] {
  const bag = catalogue.components.get('strategy.ensemble.seed-bag');
  const [member] = plan.members;
  if (!bag || !member || plan.members.length > 1 || !isSeeded(catalogue.get(member.model.component))) return [];
  const counts = plan.ensemble.length > 0 ? [5, 2] : [3, 5];
  return counts.map((seeds) => ({
    plan: framed({ ...plan, ensemble: [stepOf(bag, { seeds })] }, facts, catalogue),
    changes: [`mean over ${seeds} seeds`],
  }));
}

function toggle(plan: Plan, slot: FrameSlot, id: string, { catalogue, facts }: Workshop): readonly PlannedIdea[] {
  const component = catalogue.components.get(id);
  if (!component || !fits(component, facts.card)) return [];
  const has = plan[slot].some((step) => step.component === id);
  const steps = has ? plan[slot].filter((step) => step.component !== id) : [stepOf(component), ...plan[slot]];
  const next = framed({ ...plan, [slot]: steps }, facts, catalogue);
  return [{ plan: next, changes: [`${has ? 'without' : 'with'} ${component.name}`] }];
}

function balance(plan: Plan, { catalogue, facts }: Workshop): readonly PlannedIdea[] {
  // Weights bend probabilities: only where labels are scored.
  if (facts.card.predictions !== 'label' || plan.objective !== 'classification') return [];
  return plan.members
    .filter((member) => catalogue.get(member.model.component).params.some((each) => each.name === 'balanced'))
    .map((member) => {
      const on = member.model.params.balanced !== true;
      return {
        plan: withParameter(plan, member.model.component, 'balanced', on),
        changes: [`${on ? 'balanced' : 'plain'} class weights`],
      };
    });
}

function otherObjective(plan: Plan, { catalogue, facts }: Workshop): readonly PlannedIdea[] {
  if (facts.card.taskType !== 'ordinal') return [];
  const objective = plan.objective === 'regression' ? 'classification' : 'regression';
  if (!plan.members.every((member) => answers(catalogue.get(member.model.component), objective))) return [];
  return [
    {
      plan: framed({ ...plan, objective }, facts, catalogue),
      changes: [`ask for a ${objective === 'regression' ? 'rating' : 'distribution'}`],
    },
  ];
}

/** The mean with the best program of another family, or with the first of the portfolio. */
function secondMember(plan: Plan, workshop: Workshop, best: readonly KnownProgram[]): readonly PlannedIdea[] {
  if (plan.members.length >= 3) return [];
  const taken = new Set(plan.members.map((member) => family(member, workshop.catalogue)));
  const proven = best.flatMap((program) => planFrom(program.plan, workshop)?.members ?? []);
  const partners = [...proven, ...portfolioMembers(workshop)].filter(
    (member) =>
      !taken.has(family(member, workshop.catalogue)) &&
      answers(workshop.catalogue.get(member.model.component), plan.objective),
  );
  return uniqueFamilies(partners, workshop)
    .slice(0, 3)
    .map((member) => ({
      plan: withMembers(plan, [...plan.members, member], workshop),
      changes: [`average with ${workshop.catalogue.get(member.model.component).name}`],
    }));
}

function portfolioMembers({ facts, catalogue }: Workshop): readonly Member[] {
  return PORTFOLIO[facts.shape].flatMap((idea) => {
    const model = catalogue.components.get(typeof idea.model === 'string' ? idea.model : idea.model[0]);
    return model && fits(model, facts.card) ? [memberOf(idea, facts, catalogue)] : [];
  });
}

function uniqueFamilies(members: readonly Member[], { catalogue }: Workshop): readonly Member[] {
  const seen = new Set<string>();
  return members.filter((member) => {
    const name = family(member, catalogue);
    return seen.has(name) ? false : seen.add(name);
  });
}

/** The same features under another model: a change of family that keeps what was learnt about the data. */
function otherModel(plan: Plan, workshop: Workshop): readonly PlannedIdea[] {
  const [member] = plan.members;
  if (!member || plan.members.length > 1) return [];
  return [...workshop.catalogue.components.values()]
    .filter(
      (model) =>
        model.slot === 'model' &&
        model.id !== member.model.component &&
        fits(model, workshop.facts.card) &&
        answers(model, plan.objective),
    )
    .map((model) => ({
      plan: Plan.parse(withMember({ ...plan, ensemble: [] }, 0, { ...member, model: stepOf(model) }, workshop)),
      changes: [`${model.name} instead`],
    }));
}
