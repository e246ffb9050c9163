/** What a node is likely to take, learnt from the run itself. */
import type { Operator } from '../domain/operator.js';
import type { Cost } from '../domain/score.js';
import { graphOf } from './graph.js';
import { runLimitSeconds, searchMs } from './limits.js';
import type { SearchState } from './state.js';

/** Weight of the prior, in nodes. */
const PRIOR_NODES = 3;

/**
 * E: how many nodes the whole search will finish, from its time, its slots and the mean time of a node. Until nodes have finished a program
 * is expected to need a tenth of its limit; that guess counts as much as three nodes. Never above the cap on executions, at least 1.
 */
export function expectedNodes(state: SearchState): number {
  const { finished, seconds } = graphOf(state);
  const prior = (PRIOR_NODES * runLimitSeconds(state.config)) / 10;
  const mean = Math.max(0.001, (prior + seconds) / (PRIOR_NODES + finished.length));
  const fitting = (searchMs(state) * state.steering.slots) / (1000 * mean);
  return Math.max(1, Math.floor(Math.min(fitting, state.config.executions)));
}

/** Median seconds of the last nodes; nothing before the first has finished. */
export function medianSeconds(state: Pick<SearchState, 'nodes'>): number | undefined {
  const seconds = graphOf(state)
    .finished.slice(-51)
    .map((node) => node.cost.seconds)
    .sort((a, b) => a - b);
  return seconds[seconds.length >> 1];
}

/**
 * Worst case of a node that is still to be proposed: a full run, and as much of the rest as the dearest of the last nodes of its operator,
 * or of any operator where this one has not been tried.
 */
export function worstCase(state: SearchState, operator: Operator): Cost {
  const recent = graphOf(state).finished.slice(-51);
  const own = recent.filter((node) => node.operator === operator);
  const alike = own.length > 0 ? own : recent;
  const most = (of: (cost: Cost) => number | null) =>
    alike.reduce((largest, node) => Math.max(largest, of(node.cost) ?? 0), 0);
  return {
    seconds: runLimitSeconds(state.config),
    gpuSeconds: most((cost) => cost.gpuSeconds),
    usd: most((cost) => cost.usd),
    tokens: most((cost) => cost.tokens),
    executions: 1,
  };
}
