/** From a bare idea ("ridge on splines") to a valid plan: adds the preparation a model needs and the frame a task needs. */
import { answers, type Catalogue, type Component, fits, stepOf } from './catalogue.js';
import type { Facts } from './facts.js';
import { type Member, type ParameterValue, Plan, type Step } from './plan.js';

type Params = Readonly<Record<string, ParameterValue>>;
/** A component id, alone or with parameters that differ from its defaults. */
export type Idea = string | readonly [string, Params];

export interface MemberIdea {
  readonly model: Idea;
  readonly encode?: readonly Idea[];
  readonly feature?: readonly Idea[];
  readonly select?: readonly Idea[];
}

export interface PlanIdea extends MemberIdea {
  /** Further members, averaged with the first. */
  readonly also?: readonly MemberIdea[];
  readonly calibrate?: readonly Idea[];
  readonly ensemble?: readonly Idea[];
  /** Replaces the task's default rule. */
  readonly post?: readonly Idea[];
  readonly objective?: 'regression' | 'classification';
}

/** The plan for an idea, or nothing when a component is missing, unfit for the task, or of the wrong objective. */
export function assemble(idea: PlanIdea, facts: Facts, catalogue: Catalogue): Plan | undefined {
  const members = [idea, ...(idea.also ?? [])];
  const mentioned = members.flatMap((member) => [
    member.model,
    ...(member.encode ?? []),
    ...(member.feature ?? []),
    ...(member.select ?? []),
  ]);
  const frame = [...(idea.calibrate ?? []), ...(idea.ensemble ?? []), ...(idea.post ?? [])];
  if (![...mentioned, ...frame].every((each) => usable(each, facts, catalogue))) return undefined;
  const models = members.map((member) => catalogue.get(idOf(member.model)));
  const objective = idea.objective ?? objectiveFor(models, facts);
  if (objective === undefined || !models.every((model) => answers(model, objective))) return undefined;
  const plan: Plan = {
    format: 1,
    load: stepOf(catalogue.get(LOAD[facts.shape])),
    objective,
    members: members.map((member) => memberOf(member, facts, catalogue)),
    calibrate: steps(idea.calibrate, catalogue),
    ensemble:
      members.length > 1 ? steps(['strategy.ensemble.member-mean'], catalogue) : steps(idea.ensemble, catalogue),
    post: steps(idea.post, catalogue),
    seed: 0,
  };
  return framed(plan, facts, catalogue);
}

const LOAD = { table: 'data.frame.table', text: 'data.frame.text', image: 'data.frame.images' } as const;
const BOUNDS = 'strategy.postprocess.clip-range';
const SHARES = 'strategy.calibration.rating-shares';
const LOG = 'strategy.target.log1p';
const CUTS = 'strategy.postprocess.qwk-cut-points';

/** The frame that the task cannot do without; idempotent. */
export function framed(plan: Plan, facts: Facts, catalogue: Catalogue): Plan {
  const { card } = facts;
  const has = (id: string): boolean => [...plan.post, ...plan.calibrate].some((step) => step.component === id);
  const add = (id: string): readonly Step[] =>
    has(id) || !catalogue.components.has(id) ? [] : [stepOf(catalogue.get(id))];
  const rating = plan.objective === 'regression' && card.classes !== undefined;
  const post =
    card.classes === undefined
      ? [
          ...(card.metric === 'rmsle' && (card.targetRange?.[0] ?? 0) >= 0 ? add(LOG) : []),
          ...plan.post,
          ...add(BOUNDS),
        ]
      : [...plan.post, ...(card.metric === 'qwk' ? add(CUTS) : [])];
  const calibrate = rating
    ? [...add(SHARES), ...plan.calibrate]
    : plan.calibrate.filter((step) => step.component !== SHARES);
  // Calibration is learnt on a hold-out, which programs for several targets do not keep.
  return Plan.parse({ ...plan, post, calibrate: facts.targets.length > 0 ? [] : calibrate });
}

/** Ratings are asked as numbers first: the order of the classes is information. */
function objectiveFor(models: readonly Component[], facts: Facts): Plan['objective'] | undefined {
  const { classes, taskType } = facts.card;
  const wanted: readonly Plan['objective'][] =
    classes === undefined
      ? ['regression']
      : taskType === 'ordinal'
        ? ['regression', 'classification']
        : ['classification'];
  return wanted.find((objective) => models.every((model) => answers(model, objective)));
}

export function memberOf(idea: MemberIdea, facts: Facts, catalogue: Catalogue): Member {
  const member: Member = {
    clean: [],
    encode: steps(idea.encode, catalogue),
    feature: steps(idea.feature, catalogue),
    select: steps(idea.select, catalogue),
    model: one(idea.model, catalogue),
  };
  return prepared(member, facts, catalogue);
}

/** Adds or exchanges preparation so that the model can read what it gets; idempotent. */
export function prepared(member: Member, facts: Facts, catalogue: Catalogue): Member {
  const { needs } = catalogue.get(member.model.component);
  const scaled = withScaling(member, needs, facts, catalogue);
  if (facts.shape === 'table') return forTable(scaled, needs, catalogue);
  return facts.shape === 'text' ? forText(scaled, needs, facts, catalogue) : forImage(scaled, catalogue);
}

function withScaling(member: Member, needs: ReadonlySet<string>, facts: Facts, catalogue: Catalogue): Member {
  const sparse = member.feature.some((step) => catalogue.get(step.component).output === 'sparse');
  const unscalable = facts.shape === 'text' && (sparse || !needs.has('dense'));
  if (!needs.has('scaled') || unscalable) return { ...member, select: facts.shape === 'text' ? [] : member.select };
  const scales = (step: Step): boolean => (catalogue.get(step.component).sections.get('step')?.length ?? 0) > 0;
  const wanted = needs.has('few') ? 'data.selection.principal-components' : 'data.selection.standard-scaler';
  const enough = needs.has('few')
    ? member.select.some((step) => step.component === wanted)
    : [...member.feature, ...member.select].some(scales);
  return enough ? member : { ...member, select: steps([wanted], catalogue) };
}

function forTable(member: Member, needs: ReadonlySet<string>, catalogue: Catalogue): Member {
  const linear = needs.has('scaled');
  const wrong = linear ? 'data.encoder.ordinal-codes' : 'data.encoder.one-hot';
  const right = linear ? 'data.encoder.one-hot' : 'data.encoder.ordinal-codes';
  // Target means are taken of integer codes: there are none among dummies.
  const not = linear ? [wrong, right, 'data.encoder.target-means'] : [wrong, right];
  const gapless = [...member.feature, member.model].some((step) => catalogue.get(step.component).needs.has('complete'));
  const others = member.encode.filter((step) => !not.includes(step.component));
  const kept = member.encode.filter((step) => step.component === right);
  const base = kept.length > 0 ? kept : steps([right], catalogue);
  return {
    ...member,
    clean: gapless ? steps(['data.cleaning.median-flags'], catalogue) : [],
    encode: [...base, ...others],
  };
}

const SPARSE_TO_DENSE: Readonly<Record<string, string>> = {
  'data.text.word-tfidf': 'data.text.latent-topics',
  'data.text.token-tfidf': 'data.text.latent-topics',
  'data.text.char-tfidf': 'data.text.char-topics',
};

function forText(member: Member, needs: ReadonlySet<string>, facts: Facts, catalogue: Catalogue): Member {
  const wanted = member.feature.map((step) =>
    needs.has('dense') && SPARSE_TO_DENSE[step.component]
      ? stepOf(catalogue.get(SPARSE_TO_DENSE[step.component] ?? ''))
      : step,
  );
  const allowed = needs.has('counts')
    ? wanted.filter((step) => catalogue.get(step.component).output === 'sparse')
    : wanted;
  const fallback = needs.has('dense') ? 'data.text.latent-topics' : 'data.text.word-tfidf';
  const feature = allowed.some((step) => step.component.startsWith('data.text.') && step.component !== BESIDE)
    ? allowed
    : [...steps([fallback], catalogue), ...allowed];
  const beside = facts.otherColumns.length > 0 && catalogue.components.has(BESIDE) && !needs.has('counts');
  const complete =
    beside && !feature.some((step) => step.component === BESIDE)
      ? [...feature, ...steps([BESIDE], catalogue)]
      : feature;
  return { ...member, clean: [], encode: [], feature: uniqueSteps(complete) };
}

const BESIDE = 'data.text.beside-text';

function forImage(member: Member, catalogue: Catalogue): Member {
  const seen = member.feature.some((step) => step.component.startsWith('data.image.'));
  return { ...member, clean: [], encode: [], feature: seen ? member.feature : steps(['data.image.pixels'], catalogue) };
}

export function uniqueSteps(all: readonly Step[]): Step[] {
  return all.filter((step, index) => all.findIndex((other) => other.component === step.component) === index);
}

export function idOf(idea: Idea): string {
  return typeof idea === 'string' ? idea : idea[0];
}

function one(idea: Idea, catalogue: Catalogue): Step {
  return typeof idea === 'string' ? stepOf(catalogue.get(idea)) : stepOf(catalogue.get(idea[0]), idea[1]);
}

function steps(ideas: readonly Idea[] | undefined, catalogue: Catalogue): Step[] {
  return (ideas ?? []).map((idea) => one(idea, catalogue));
}

function usable(idea: Idea, facts: Facts, catalogue: Catalogue): boolean {
  const component = catalogue.components.get(idOf(idea));
  return component !== undefined && fits(component, facts.card);
}
