/** Small edits of plans, shared by the operators. Every result is a complete, valid plan again. */
import { framed, prepared } from './assemble.js';
import type { Catalogue, Component } from './catalogue.js';
import type { Facts } from './facts.js';
import { FRAME_SLOTS, MEMBER_SLOTS, type Member, type ParameterValue, Plan, type Step } from './plan.js';

/** What the operators know besides the request. */
export interface Workshop {
  readonly facts: Facts;
  readonly catalogue: Catalogue;
}

/** The plan that another program was rendered from, or nothing when its author kept another kind of plan. */
export function planFrom(value: unknown, { catalogue }: Workshop): Plan | undefined {
  const result = Plan.safeParse(value);
  if (!result.success) return undefined;
  const known = (step: Step): boolean => catalogue.components.has(step.component);
  const { load, members, calibrate, ensemble, post } = result.data;
  const steps = [load, ...calibrate, ...ensemble, ...post, ...members.flatMap(memberSteps)];
  return steps.every(known) ? result.data : undefined;
}

export function memberSteps(member: Member): readonly Step[] {
  return [...MEMBER_SLOTS.flatMap((slot) => member[slot]), member.model];
}

/** Exchanges one member and puts preparation and frame right for it. */
export function withMember(plan: Plan, index: number, member: Member, workshop: Workshop): Plan {
  const { facts, catalogue } = workshop;
  const members = plan.members.map((each, at) => (at === index ? prepared(member, facts, catalogue) : each));
  return framed({ ...plan, members }, facts, catalogue);
}

/** Averages these members. Seeds are not bagged at the same time: the cost would multiply. */
export function withMembers(plan: Plan, members: readonly Member[], { facts, catalogue }: Workshop): Plan {
  const mean = catalogue.components.has(MEAN) ? [{ component: MEAN, params: {} }] : [];
  return framed({ ...plan, members: members.slice(0, 4), ensemble: members.length > 1 ? mean : [] }, facts, catalogue);
}

const MEAN = 'strategy.ensemble.member-mean';

/** Sets one parameter wherever the component is used. */
export function withParameter(plan: Plan, component: string, name: string, value: ParameterValue): Plan {
  const set = (step: Step): Step =>
    step.component === component ? { ...step, params: { ...step.params, [name]: value } } : step;
  const member = (each: Member): Member => ({
    clean: each.clean.map(set),
    encode: each.encode.map(set),
    feature: each.feature.map(set),
    select: each.select.map(set),
    model: set(each.model),
  });
  const frame = Object.fromEntries(FRAME_SLOTS.map((slot) => [slot, plan[slot].map(set)]));
  return Plan.parse({ ...plan, ...frame, members: plan.members.map(member) });
}

/** Components that act on the model's randomness. */
export function isSeeded(component: Component): boolean {
  return component.sections.get('model')?.some((line) => line.includes('__seed__')) ?? false;
}

export function family(member: Member, catalogue: Catalogue): string {
  return catalogue.get(member.model.component).family;
}
