/**
 * One search in a simulated world: the real `decide` and `apply`, asynchronous slots, and a clock that moves to whatever is due next. Every
 * policy gets the same slots, the same refusal of duplicates and the same limits, since none of them is the policy's business.
 */
import type { Operator } from '../../domain/operator.js';
import type { SearchConfig } from '../../domain/search-config.js';
import { decide, decideWith } from '../decide.js';
import { bestNode } from '../elite.js';
import { graphOf } from '../graph.js';
import { searchMs } from '../limits.js';
import type { SearchPolicy } from '../policies/policy.js';
import type { SearchState } from '../state.js';
import { begin, type Course, follow } from './course.js';
import type { World } from './world.js';

export interface SimulationOptions {
  /** Seed, slots, budget and all options of the policy. */
  readonly config: SearchConfig;
  /** In place of the policy that the configuration names. */
  readonly policy?: SearchPolicy;
}

export interface Simulation {
  /** True value of the node with the best validation at the end. */
  readonly truth: number;
  /** How much better that node's validation is than its truth. */
  readonly optimism: number;
  /** The best truth of any node, chosen or not. */
  readonly oracle: number;
  /** Mean over the search time of the truth of the node that would have been chosen then. */
  readonly overTime: number;
  /** Each change of that node. */
  readonly curve: Course<unknown>['chosen'];
  readonly operators: Readonly<Record<Operator, number>>;
  readonly nodes: number;
  readonly failed: number;
  readonly rejected: number;
  readonly state: SearchState;
}

const MOST_STEPS = 200_000;

/** Runs a search to its end. Deterministic: what is due at the same time happens in the order in which it was begun. */
export function simulate<Plan>(world: World<Plan>, { config, policy }: SimulationOptions): Simulation {
  const course = begin(world, config);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const decision = policy ? decideWith(course.state, policy) : decide(course.state);
    if (decision.kind === 'finish') return outcome(course);
    follow(course, decision);
  }
  throw new Error(`The simulated search has not ended after ${MOST_STEPS} decisions.`);
}

function outcome<Plan>({ world, state, truths, chosen }: Course<Plan>): Simulation {
  const sign = world.direction === 'maximise' ? 1 : -1;
  const best = bestNode(state);
  const truth = (best && truths.get(best.id)) ?? world.nothing;
  const all = [...truths.values()].map((value) => sign * value);
  const { nodes, operators } = graphOf(state);
  return {
    truth,
    optimism: best?.score ? sign * (best.score.value - truth) : 0,
    oracle: all.length > 0 ? sign * Math.max(...all) : world.nothing,
    overTime: meanOver(chosen, world.nothing, searchMs(state)),
    curve: chosen,
    operators,
    nodes: nodes.length,
    failed: nodes.filter(({ status }) => status === 'failed').length,
    rejected: state.rejected,
    state,
  };
}

function meanOver(chosen: Course<unknown>['chosen'], nothing: number, endMs: number): number {
  let sum = 0;
  let last = { atMs: 0, truth: nothing };
  for (const change of [...chosen, { atMs: endMs, truth: 0 }]) {
    sum += last.truth * (Math.min(change.atMs, endMs) - Math.min(last.atMs, endMs));
    last = change;
  }
  return sum / endMs;
}
