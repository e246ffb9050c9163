/** What the evaluator would say of a program: its score, paired differences, and complementarity where the world knows it. */
import type { NodeId } from '../../domain/ids.js';
import type { SearchNode } from '../../domain/node.js';
import type { SearchEvent } from '../../domain/run-event.js';
import type { Complement, Cost, Paired, Versus } from '../../domain/score.js';
import { bestNode, branchBest, topNodes } from '../elite.js';
import { nodeOf, reservationOf } from '../graph.js';
import type { Course } from './course.js';

/** Nodes with which complementarity is measured, as in a real run. */
const MEASURED_WITH = 8;
/** Only shown, never used. */
const ROWS = 1000;

export interface Scored<Plan> {
  readonly nodeId: NodeId;
  readonly plan: Plan;
  readonly atMs: number;
  readonly validation: number;
  readonly cost: Cost;
}

export function finishedEvent<Plan>(course: Course<Plan>, scored: Scored<Plan>): SearchEvent {
  const { nodeId, atMs, validation, cost } = scored;
  const { direction } = course.state;
  const complement = complementsOf(course, scored);
  return {
    kind: 'finished',
    atMs,
    nodeId,
    score: { value: validation, standardError: 0, rows: ROWS, direction, source: 'hidden' },
    versus: versusOf(course, scored),
    ...(complement ? { complement } : {}),
    cost,
  };
}

function versusOf<Plan>({ world, state, plans }: Course<Plan>, { nodeId, plan }: Scored<Plan>): Versus {
  const work = reservationOf(state, nodeId);
  const against = (other: SearchNode | undefined): Paired | undefined => {
    const otherPlan = other?.score && plans.get(other.id);
    if (!other || otherPlan === undefined || !world.versus) return undefined;
    return { against: other.id, ...world.versus(plan, otherPlan), rows: ROWS };
  };
  const parent = against(nodeOf(state, work?.parent ?? 'root'));
  const inBranch = against(work && branchBest(state, work.branch));
  const best = against(bestNode(state));
  return {
    ...(parent ? { parent } : {}),
    ...(inBranch ? { branchBest: inBranch } : {}),
    ...(best ? { best } : {}),
  };
}

function complementsOf<Plan>({ world, state, plans }: Course<Plan>, { plan }: Scored<Plan>): Complement[] | undefined {
  if (!world.complement) return undefined;
  const others = topNodes(state, MEASURED_WITH).flatMap(({ id }) => {
    const other = plans.get(id);
    return other === undefined ? [] : [{ id, plan: other }];
  });
  const blends = world.complement(
    plan,
    others.map((other) => other.plan),
  );
  return blends.flatMap(({ with: place, gain, standardError }) => {
    const other = others[place];
    return other ? [{ with: other.id, gain, standardError }] : [];
  });
}
