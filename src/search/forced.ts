/** MLEvolve's forced backpropagation (arXiv 2606.06473; as released): late in a run a chain may be cut short, unless it is hot. */
import type { BranchId, SearchNode } from '../domain/node.js';
import { graphOf, numberOf } from './graph.js';
import { gain } from './is-better.js';
import { draw } from './random.js';
import type { SearchState } from './state.js';

/** From this share of the budget on, every third node of a branch ends its chain; from the later one on, every second node does by chance. */
const MIDDLE = 0.4;
const EACH = 3;
const LATE = 0.8;
const LATE_CHANCE = 0.5;
/** A node as good as every valid one of the last so many lets its chain run. */
const RECENT = 4;

/**
 * Which finished nodes end their chain by force. τ of a node is the work that had been done when it finished, as a share of what time and
 * slots allow (or the share of executions, if more): a run with resumed and idle hours gives the same answer whenever it is asked.
 * The coin of a node is a draw of its own, found again from its number.
 */
export function isCutShort(state: SearchState): (node: SearchNode) => boolean {
  const cut = new Set<SearchNode>();
  const { finished } = graphOf(state);
  const inBranch = new Map<BranchId, number>();
  let seconds = 0;
  for (const [place, node] of finished.entries()) {
    seconds += node.cost.seconds;
    const count = (inBranch.get(node.branch) ?? 0) + 1;
    inBranch.set(node.branch, count);
    const tau = Math.max(workShare(state, seconds), (place + 1) / state.config.executions);
    const due = tau >= LATE ? coin(state, node) < LATE_CHANCE : tau >= MIDDLE && count % EACH === 0;
    if (due && !isHot(node, finished.slice(Math.max(0, place - RECENT), place))) cut.add(node);
  }
  return (node) => cut.has(node);
}

/** Seconds of work as a share of those that all slots have together, without the configured reserve. */
function workShare({ config, steering }: SearchState, seconds: number): number {
  const capacity = (config.budgetMs * (1 - config.reserveShare) * steering.slots) / 1000;
  return seconds / Math.max(0.001, capacity);
}

function coin({ streams }: SearchState, node: SearchNode): number {
  return draw([streams.noise[0] ?? 0, numberOf(node.id)], 0);
}

function isHot(node: SearchNode, recent: readonly SearchNode[]): boolean {
  return node.status === 'valid' && recent.every((other) => other.status === 'failed' || gain(node) >= gain(other));
}
