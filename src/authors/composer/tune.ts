/** Improve by tuning: one parameter, sometimes two, on its own scale, the model's first. */
import type { Parameter } from '../../domain/knowledge-entry.js';
import { memberSteps, type Workshop, withParameter } from './change.js';
import type { PlannedIdea } from './operators.js';
import type { ParameterValue, Plan, Step } from './plan.js';
import { literal } from './python-text.js';
import type { Random } from './random.js';

const ATTEMPTS = 40;

export function* tuneIdeas(plan: Plan, workshop: Workshop, random: Random): Iterable<PlannedIdea> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const first = tuneOnce(plan, workshop, random);
    if (!first) return;
    const second = attempt % 3 === 2 ? tuneOnce(first.plan, workshop, random) : undefined;
    yield second ? { plan: second.plan, changes: [...first.changes, ...second.changes] } : first;
  }
}

function tuneOnce(plan: Plan, { catalogue }: Workshop, random: Random): PlannedIdea | undefined {
  const models = plan.members.map((member) => member.model);
  const others = [...plan.members.flatMap(memberSteps), ...plan.calibrate, ...plan.ensemble, ...plan.post];
  // Two draws in three go to the model: that is where the parameters matter most.
  const pool = tunable(random.next() < 0.66 ? models : others, catalogue.get);
  const choice = random.pick(pool.length > 0 ? pool : tunable(others, catalogue.get));
  if (!choice) return undefined;
  const { step, parameter } = choice;
  const before = step.params[parameter.name] ?? parameter.default;
  const after = neighbour(parameter, before, random);
  const name = catalogue.get(step.component).name;
  return {
    plan: withParameter(plan, step.component, parameter.name, after),
    changes: [`${name}: ${parameter.name} ${literal(before)} -> ${literal(after)}`],
  };
}

function tunable(
  steps: readonly Step[],
  get: Workshop['catalogue']['get'],
): readonly { readonly step: Step; readonly parameter: Parameter }[] {
  return steps.flatMap((step) =>
    get(step.component)
      .params.filter((parameter) => parameter.note !== 'fixed' && parameter.name !== 'balanced')
      .map((parameter) => ({ step, parameter })),
  );
}

/** Another value near this one: a factor on a log scale, a fifth of the range otherwise, any other choice. */
export function neighbour(parameter: Parameter, value: ParameterValue, random: Random): ParameterValue {
  if (parameter.type === 'bool') return value !== true;
  if (parameter.type === 'choice') {
    return random.pick((parameter.values ?? []).filter((each) => each !== value)) ?? value;
  }
  const now = Number(value);
  const [low, high] = parameter.range ?? [now / 10, now * 10];
  const moved = parameter.log
    ? now * (random.pick([0.3, 0.5, 0.7, 1.4, 2, 3]) ?? 2)
    : now + (random.pick([-0.4, -0.2, 0.2, 0.4]) ?? 0.2) * (high - low);
  return bounded(parameter, Math.min(high, Math.max(low, moved)));
}

/** A value anywhere in the range, for random plans. */
export function anywhere(parameter: Parameter, random: Random): ParameterValue {
  if (parameter.type === 'bool' || parameter.note === 'fixed') return parameter.default;
  if (parameter.type === 'choice') return random.pick(parameter.values ?? []) ?? parameter.default;
  const good = Number(random.pick(parameter.portfolio ?? []) ?? parameter.default);
  const [low, high] = parameter.range ?? [good, good];
  // Within a factor of three of a good setting: the ends of a range are limits, not proposals.
  const drawn = parameter.log ? good * 3 ** (2 * random.next() - 1) : good + (random.next() - 0.5) * 0.6 * (high - low);
  return bounded(parameter, Math.min(high, Math.max(low, drawn)));
}

export function bounded(parameter: Parameter, value: number): number {
  const [low, high] = parameter.range ?? [-Infinity, Infinity];
  const within = Math.min(high, Math.max(low, value));
  return parameter.type === 'int' ? Math.round(within) : Number(within.toPrecision(2));
}
