/** Fits a plan to the task's size and the limits of one run: small leaves for few rows, few rounds for many, nothing that cannot fit. */
import type { ProposalRequest } from '../port.js';
import { memberSteps, type Workshop, withParameter } from './change.js';
import type { Member, Plan, Step } from './plan.js';
import { bounded } from './tune.js';

type Limits = ProposalRequest['limits'];

/** A program runs once for each fold of a race, on machines of unknown speed: it aims at a quarter of its limit. */
const SHARE = 0.25;
/** Beyond this share of the limit, with as few rounds as the model allows, a program is not tried. */
const HOPELESS = 0.6;
/** The check on a hold-out costs up to another fit on four fifths of the rows. */
const WITH_CHECK = 1.8;
/** Copies of the matrix that a fit holds at once. */
const COPIES = 4;

/**
 * The plan with as many rounds as its time allows; nothing when its matrix is too large for the memory,
 * or when its loss is not defined for this target. Of images only closed forms on all pixels are measured.
 */
export function affordable(plan: Plan, limits: Limits, workshop: Workshop): Plan | undefined {
  const { facts } = workshop;
  if (counts(plan) && (facts.card.targetRange?.[0] ?? 0) < 0) return undefined;
  if (facts.shape === 'image') return cubic(plan, workshop) > SHARE * limits.runSeconds ? undefined : plan;
  if (facts.shape !== 'table') return plan;
  const leafy = plan.members.reduce((next, { model }) => withLeaves(next, model, workshop), plan);
  return inTime(leafy, limits, workshop);
}

function inTime(plan: Plan, limits: Limits, workshop: Workshop): Plan | undefined {
  const { facts } = workshop;
  const rows = facts.card.rows.train + facts.card.rows.test;
  const widest = Math.max(...plan.members.map((member) => width(member, workshop)));
  if ((rows * widest * 8 * COPIES) / 2 ** 20 > limits.memoryMiB) return undefined;
  const excess = secondsOf(plan, workshop) / (SHARE * limits.runSeconds);
  if (excess <= 1) return plan;
  const [bag] = plan.ensemble;
  if (bag && typeof bag.params.seeds === 'number' && bag.params.seeds > 2) {
    return inTime(withParameter(plan, bag.component, 'seeds', 2), limits, workshop);
  }
  const short = plan.members.reduce((next, member) => shortened(next, member, excess, workshop), plan);
  return secondsOf(short, workshop) > HOPELESS * limits.runSeconds ? undefined : short;
}

/** Seconds of a covariance of all pixels: 15 for 1,600 of them. */
function cubic(plan: Plan, { facts }: Workshop): number {
  const { image } = facts.card;
  const scale = image ? Math.min(1, 64 / Math.max(image.width, image.height)) : 0;
  const pixels = image ? image.width * image.height * scale ** 2 : 0;
  const whole = plan.members.filter(
    ({ model, feature, select }) =>
      model.component.startsWith('model.discriminant.') &&
      feature.some((step) => step.component === 'data.image.pixels') &&
      !select.some((step) => step.component === 'data.selection.principal-components'),
  );
  return whole.length * Math.max(WITH_CHECK, facts.targets.length) * 3.6e-9 * pixels ** 3;
}

/** A leaf or a neighbourhood that takes more than a fifteenth of the rows leaves trees nothing to split. */
function withLeaves(plan: Plan, { component, params }: Step, { facts, catalogue }: Workshop): Plan {
  const most = facts.card.rows.train / 15;
  return catalogue
    .get(component)
    .params.filter(({ name }) => LEAVES.has(name) && Number(params[name]) > most)
    .reduce((next, parameter) => withParameter(next, component, parameter.name, bounded(parameter, most)), plan);
}

const LEAVES = new Set(['min_child_samples', 'min_samples_leaf', 'min_child_weight', 'neighbours']);

function counts(plan: Plan): boolean {
  return plan.objective === 'regression' && plan.members.some(({ model }) => model.params.objective === 'poisson');
}

/** Rounds down and rate up by the same factor, each within its range. */
function shortened(plan: Plan, { model }: Member, excess: number, { catalogue }: Workshop): Plan {
  let next = plan;
  for (const parameter of catalogue.get(model.component).params) {
    const now = model.params[parameter.name];
    if (typeof now !== 'number') continue;
    const factor = ROUNDS.has(parameter.name) ? 1 / excess : parameter.name === 'learning_rate' ? excess : 1;
    const highest = parameter.name === 'learning_rate' ? Math.max(now, 0.12) : Number.POSITIVE_INFINITY;
    next = withParameter(next, model.component, parameter.name, bounded(parameter, Math.min(highest, now * factor)));
  }
  return next;
}

const ROUNDS = new Set(['n_estimators', 'max_iter', 'epochs']);

/** A rough guess for one run, in seconds on one core of a common server: right in order, not in size. */
function secondsOf(plan: Plan, workshop: Workshop): number {
  const { card, cpus } = workshop.facts;
  const outputs = plan.objective === 'classification' ? Math.max(1, (card.classes?.length ?? 1) - 1) : 1;
  const seeds = Number(plan.ensemble[0]?.params.seeds ?? 1);
  const fits = plan.members.map(
    (member) => card.rows.train * (width(member, workshop) + 10) * costPerCell(member, outputs),
  );
  const { targets } = workshop.facts;
  const repeats = targets.length > 0 ? targets.length : WITH_CHECK;
  return (repeats * seeds * fits.reduce((sum, each) => sum + each, 0)) / cpus;
}

/** Seconds for a row and a column; measured on 20,000 rows of 30 columns. */
function costPerCell({ model }: Member, outputs: number): number {
  const number = (name: string, otherwise: number): number => {
    const value = model.params[name];
    return typeof value === 'number' ? value : otherwise;
  };
  const rounds = number('n_estimators', number('max_iter', number('epochs', 1)));
  const family = model.component.split('.').at(-1) ?? '';
  if (family.startsWith('lightgbm')) return rounds * outputs * 3e-9 * (1 + number('num_leaves', 31) / 20);
  if (family === 'hist-gradient-boosting') return rounds * outputs * 1e-8;
  if (family === 'xgboost') return rounds * outputs * 2e-9 * number('max_depth', 6);
  if (family === 'catboost') return rounds * outputs * 1.5e-8;
  if (family === 'random-forest') return rounds * 7e-7 * number('max_features', 0.2);
  if (family === 'extra-trees') return rounds * 2.5e-7 * number('max_features', 0.2);
  return family === 'perceptron' ? rounds * 1e-8 * number('units', 32) : 0;
}

/** Columns of the member's matrix, the widest one inside its pipeline included. */
function width(member: Member, { facts }: Workshop): number {
  const steps = memberSteps(member);
  const has = (id: string): boolean => steps.some((step) => step.component === id);
  const words = facts.otherColumns.filter((column) => column.kind === 'category' || column.kind === 'boolean');
  const levels = has('data.encoder.one-hot') ? words.map((column) => Math.min(20, column.unique)) : [];
  const plain = facts.otherColumns.length + levels.reduce((sum, each) => sum + each, 0);
  if (has('data.feature.quadratic')) return (plain * plain) / 2;
  const extras = member.feature.length * 10;
  return has('data.feature.splines') ? 8 * plain + extras : plain + extras;
}
