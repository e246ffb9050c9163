/** Repairs: a recipe if the error is known, the class of the failure if not, then ever simpler programs. */
import { errorOf } from '../../domain/error-of.js';
import type { KnownProgram, ProposalRequest } from '../port.js';
import { assemble } from './assemble.js';
import { memberSteps, type Workshop, withMember, withParameter } from './change.js';
import { without } from './feature-moves.js';
import type { PlannedIdea } from './operators.js';
import { FRAME_SLOTS, MEMBER_SLOTS, type Plan, type Step } from './plan.js';
import { PORTFOLIO } from './portfolio.js';
import { bounded } from './tune.js';

type Repair = (plan: Plan, workshop: Workshop, error: string) => readonly PlannedIdea[];

export function* debugIdeas(plan: Plan, request: ProposalRequest, workshop: Workshop): Iterable<PlannedIdea> {
  const error = errorOf(request.parent);
  for (const { entry } of request.knowledge) {
    if (entry.signature === undefined || !matches(entry.signature, error)) continue;
    const repairs = RECIPES[entry.component?.rewrite ?? ''] ?? [];
    for (const idea of repairs.flatMap((repair) => repair(plan, workshop, error))) {
      yield { ...idea, knowledge: [entry.id] };
    }
  }
  for (const repair of repairsFor(request.parent)) yield* repair(plan, workshop, error);
}

function matches(signature: string, error: string): boolean {
  try {
    return new RegExp(signature, 'm').test(error);
  } catch {
    return false; // A signature of another dialect is no reason to fail a repair.
  }
}

function repairsFor(parent: KnownProgram | undefined): readonly Repair[] {
  const invalid = parent?.evaluation?.kind === 'invalid' ? parent.evaluation.failure : undefined;
  const failure = invalid ?? parent?.outcome?.kind;
  if (failure === 'timeout') return [cheaper, smaller, dropOne, startAgain];
  if (failure === 'memory' || failure === 'gpu-memory' || failure === 'disk')
    return [smaller, cheaper, dropOne, startAgain];
  return [dropNamed, dropOne, startAgain, cheaper];
}

/** Fewer rounds, trees, epochs, columns: a third of the work, in every step that has such a parameter. */
const WORK = [
  'n_estimators',
  'max_iter',
  'epochs',
  'seeds',
  'evaluations',
  'topics',
  'units',
  'longest',
  'ngrams',
  'columns',
];
const MEMORY = ['max_features', 'topics', 'longest', 'ngrams', 'n_estimators', 'max_levels', 'components', 'columns'];

const cheaper: Repair = (plan, workshop) => [
  shrink(plan, workshop, WORK, 0.33, 'cheaper settings'),
  shrink(plan, workshop, WORK, 0.1, 'much cheaper settings'),
];
const smaller: Repair = (plan, workshop) => [shrink(plan, workshop, MEMORY, 0.3, 'smaller matrices')];

function shrink(
  plan: Plan,
  { catalogue }: Workshop,
  names: readonly string[],
  factor: number,
  change: string,
): PlannedIdea {
  let next = plan;
  for (const step of optionalAndModels(plan)) {
    for (const parameter of catalogue.get(step.component).params) {
      const now = step.params[parameter.name];
      if (!names.includes(parameter.name) || typeof now !== 'number') continue;
      next = withParameter(next, step.component, parameter.name, bounded(parameter, now * factor));
    }
  }
  return { plan: next, changes: [change] };
}

function optionalAndModels(plan: Plan): readonly Step[] {
  return [...plan.members.flatMap(memberSteps), ...FRAME_SLOTS.flatMap((slot) => plan[slot])];
}

/** Removes the components whose own code the traceback names. */
const dropNamed: Repair = (plan, workshop, error) => {
  const named = dropOne(plan, workshop, error).filter((idea) => idea.names.some((name) => error.includes(name)));
  return named;
};

/** Each optional component removed in turn, the last added first. */
function dropOne(
  plan: Plan,
  workshop: Workshop,
  _error: string,
): readonly (PlannedIdea & { readonly names: readonly string[] })[] {
  const { catalogue } = workshop;
  const drops = plan.members.flatMap((member, index) =>
    MEMBER_SLOTS.flatMap((slot) =>
      member[slot].map((step) => ({
        plan: withMember(plan, index, { ...member, [slot]: without(member[slot], step) }, workshop),
        changes: [`remove ${catalogue.get(step.component).name}`],
        names: namesOf(step, workshop),
      })),
    ),
  );
  // What the task cannot do without (bounds, cut points) is not taken away.
  const frames = FRAME_SLOTS.flatMap((slot) =>
    plan[slot]
      .filter((step) => !REQUIRED.has(step.component))
      .map((step) => ({
        plan: {
          ...plan,
          [slot]: without(plan[slot], step),
          ...(step.component.endsWith('member-mean') && { members: plan.members.slice(0, 1) }),
        },
        changes: [`without ${catalogue.get(step.component).name}`],
        names: namesOf(step, workshop),
      })),
  );
  return [...drops.toReversed(), ...frames];
}

const REQUIRED = new Set([
  'strategy.postprocess.clip-range',
  'strategy.postprocess.qwk-cut-points',
  'strategy.calibration.rating-shares',
]);

/** Classes and functions that a step brings into the program. */
function namesOf(step: Step, { catalogue }: Workshop): readonly string[] {
  const { sections } = catalogue.get(step.component);
  const imported = (sections.get('imports') ?? []).flatMap((line) => /import (.+)$/.exec(line)?.[1]?.split(', ') ?? []);
  const defined = (sections.get('functions') ?? []).flatMap((line) => /^def (\w+)/.exec(line)?.[1] ?? []);
  return [...imported, ...defined];
}

/** The plain first programs of the portfolio, other families first. */
const startAgain: Repair = (plan, { facts, catalogue }) => {
  const used = new Set(plan.members.map((member) => catalogue.get(member.model.component).family));
  const plain = PORTFOLIO[facts.shape].flatMap(({ model, feature }) => {
    const bare = assemble(
      { model, ...(facts.shape !== 'table' && feature && { feature: feature.slice(0, 2) }) },
      facts,
      catalogue,
    );
    return bare ? [{ plan: bare, changes: ['start again from a plain program'] }] : [];
  });
  const other = (idea: PlannedIdea): boolean =>
    !idea.plan.members.some((member) => used.has(catalogue.get(member.model.component).family));
  return [...plain.filter(other), ...plain.filter((idea) => !other(idea))];
};

const RECIPES: Readonly<Record<string, readonly Repair[]>> = {
  'cheaper-settings': [cheaper],
  'smaller-memory': [smaller],
  'drop-component': [dropNamed, dropOne],
  'encode-categories': [dropNamed],
  'impute-missing': [dropNamed, startAgain],
  'align-classes': [dropNamed, startAgain],
  'match-sample-submission': [startAgain],
};
