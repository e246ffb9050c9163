/** A simulated search under way: its state, what is due when, and which plan stands behind which node. */
import type { NodeId } from '../../domain/ids.js';
import type { SearchEvent } from '../../domain/run-event.js';
import type { Cost } from '../../domain/score.js';
import type { SearchConfig } from '../../domain/search-config.js';
import { apply } from '../apply.js';
import { NO_COST } from '../cost.js';
import { bestNode, topNodes } from '../elite.js';
import { reservationOf } from '../graph.js';
import { initialState } from '../initial-state.js';
import type { Decision, SearchState } from '../state.js';
import { randomOf } from './chance.js';
import { finishedEvent } from './scoring.js';
import type { World, WorldRun } from './world.js';

/** Keeps the draws of a run apart from those of its proposal. */
const RUN_STREAM = 0x5bd1e995;
/** So many of the best are shown to the author. */
const KNOWN_BEST = 10;

interface Due {
  readonly atMs: number;
  readonly nodeId: NodeId;
  readonly happen: () => void;
}

interface ChosenAt {
  readonly atMs: number;
  readonly truth: number;
}

export interface Course<Plan> {
  readonly world: World<Plan>;
  state: SearchState;
  due: Due[];
  readonly plans: Map<NodeId, Plan>;
  readonly taken: Set<string>;
  readonly truths: Map<NodeId, number>;
  /** Each change of the node with the best validation. */
  readonly chosen: ChosenAt[];
}

export function begin<Plan>(world: World<Plan>, config: SearchConfig): Course<Plan> {
  const state = initialState({ config, direction: world.direction, startedMs: 0, slots: config.slots });
  return { world, state, due: [], plans: new Map(), taken: new Set(), truths: new Map(), chosen: [] };
}

/** Carries a decision out, or lets the next thing happen that is due. */
export function follow<Plan>(course: Course<Plan>, decision: Exclude<Decision, { kind: 'finish' }>): void {
  if (decision.kind === 'expand') propose(course, decision);
  else if (decision.kind === 'dispatch') start(course, decision);
  else if (decision.kind === 'wait') wait(course, decision.deadlineMs);
  else drop(course, decision);
}

function propose<Plan>(course: Course<Plan>, decision: Extract<Decision, { kind: 'expand' }>): void {
  const { world, plans, taken } = course;
  const { kind: _, ...reserved } = decision;
  put(course, { kind: 'reserved', atMs: course.state.clock.nowMs, ...reserved, references: [...reserved.references] });
  const parent = decision.parent === 'root' ? undefined : plans.get(decision.parent);
  const references = decision.references.flatMap(({ from, kind }) => {
    const plan = plans.get(from);
    return plan === undefined ? [] : [{ plan, kind }];
  });
  const move = {
    operator: decision.operator,
    ...(decision.variant === undefined ? {} : { variant: decision.variant }),
    ...(parent === undefined ? {} : { parent }),
    references,
    best: topNodes(course.state, KNOWN_BEST).flatMap(({ id }) => plans.get(id) ?? []),
  };
  const { plan, seconds } = world.propose(move, (key) => taken.has(key), randomOf(decision.seed));
  const at = { atMs: course.state.clock.nowMs + milliseconds(seconds), nodeId: decision.nodeId, cost: costOf(seconds) };
  const key = plan === undefined ? undefined : world.keyOf(plan);
  if (plan === undefined || key === undefined || taken.has(key)) {
    const reason = plan === undefined ? 'exhausted' : 'duplicate';
    later(course, at, () => put(course, { kind: 'proposal-rejected', ...at, reason }));
    return;
  }
  taken.add(key);
  plans.set(decision.nodeId, plan);
  const names = { programRef: key, planRef: key, fingerprint: key, family: world.familyOf(plan) };
  later(course, at, () => put(course, { kind: 'proposed', ...at, ...names }));
}

function start<Plan>(course: Course<Plan>, { nodeId, runSeconds }: Extract<Decision, { kind: 'dispatch' }>): void {
  const { world, plans, state } = course;
  const work = reservationOf(state, nodeId);
  const plan = plans.get(nodeId);
  if (!work || plan === undefined) throw new Error(`Nothing was proposed for ${nodeId}.`);
  put(course, { kind: 'started', atMs: state.clock.nowMs, nodeId, try: work.try + 1 });
  const run = inTime(world.run(plan, randomOf(work.seed ^ RUN_STREAM)), runSeconds);
  const at = { atMs: state.clock.nowMs + milliseconds(run.seconds), nodeId, cost: costOf(run.seconds) };
  later(course, at, () => end(course, { ...at, plan, run }));
}

interface Ended<Plan> {
  readonly atMs: number;
  readonly nodeId: NodeId;
  readonly cost: Cost;
  readonly plan: Plan;
  readonly run: WorldRun;
}

function end<Plan>(course: Course<Plan>, { atMs, nodeId, cost, plan, run }: Ended<Plan>): void {
  if (run.kind === 'failed') {
    const { failure, milestones = 0 } = run;
    put(course, { kind: 'failed', atMs, nodeId, failure, milestones, cost });
    return;
  }
  course.truths.set(nodeId, run.truth);
  put(course, finishedEvent(course, { nodeId, plan, atMs, validation: run.validation, cost }));
  if (bestNode(course.state)?.id === nodeId) course.chosen.push({ atMs, truth: run.truth });
}

/** A program that reaches its limit fails. */
function inTime(run: WorldRun, limitSeconds: number): WorldRun {
  if (run.seconds < limitSeconds) return run;
  return { kind: 'failed', failure: 'timeout', milestones: 2, seconds: limitSeconds };
}

/** What never ran may be proposed again. */
function drop<Plan>(
  course: Course<Plan>,
  { kind, nodeId, why }: Extract<Decision, { kind: 'discard' | 'cancel' }>,
): void {
  course.due = course.due.filter((other) => other.nodeId !== nodeId);
  const plan = course.plans.get(nodeId);
  if (kind === 'discard' && plan !== undefined) course.taken.delete(course.world.keyOf(plan));
  put(course, { kind: 'cancelled', atMs: course.state.clock.nowMs, nodeId, why, cost: NO_COST });
}

function wait<Plan>(course: Course<Plan>, deadlineMs: number): void {
  let next: Due | undefined;
  for (const due of course.due) if (!next || due.atMs < next.atMs) next = due;
  if (!next || next.atMs > deadlineMs) {
    put(course, { kind: 'ticked', atMs: deadlineMs });
    return;
  }
  course.due = course.due.filter((other) => other !== next);
  next.happen();
}

function later<Plan>(course: Course<Plan>, { atMs, nodeId }: Omit<Due, 'happen'>, happen: () => void): void {
  course.due.push({ atMs, nodeId, happen });
}

function put<Plan>(course: Course<Plan>, event: SearchEvent): void {
  course.state = apply(course.state, event);
}

function milliseconds(seconds: number): number {
  return Math.max(1, Math.round(1000 * seconds));
}

function costOf(seconds: number): Cost {
  return { ...NO_COST, seconds };
}
