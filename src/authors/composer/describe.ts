/** Plans in one line, for people. */
import type { Catalogue } from './catalogue.js';
import type { Member, Plan, Step } from './plan.js';
import { literal } from './python-text.js';

/** `LightGBM with tiny trees (learning_rate 0.05) on integer codes; log1p target`. Says only what is not default. */
export function describe(plan: Plan, catalogue: Catalogue): string {
  const members = plan.members.map((member) => describeMember(member, catalogue));
  const head = members.length === 1 ? members[0] : `mean of ${members.join(' AND ')}`;
  const frame = [...plan.calibrate, ...plan.ensemble, ...plan.post].map((step) => describeStep(step, catalogue));
  return [head, ...frame].join('; ');
}

function describeMember(member: Member, catalogue: Catalogue): string {
  const inputs = [...member.encode, ...member.feature, ...member.select].map((step) => describeStep(step, catalogue));
  return describeStep(member.model, catalogue) + (inputs.length > 0 ? ` on ${inputs.join(', ')}` : '');
}

export function describeStep(step: Step, catalogue: Catalogue): string {
  const component = catalogue.get(step.component);
  const changed = component.params
    .filter((parameter) => step.params[parameter.name] !== parameter.default)
    .map((parameter) => `${parameter.name} ${literal(step.params[parameter.name] ?? '')}`);
  return component.name + (changed.length > 0 ? ` (${changed.join(', ')})` : '');
}

/** What diversity is counted in. */
export function familyOf(plan: Plan, catalogue: Catalogue): string {
  const families = new Set(plan.members.map((member) => catalogue.get(member.model.component).family));
  return families.size > 1 ? 'blend' : ([...families][0] ?? 'other');
}
