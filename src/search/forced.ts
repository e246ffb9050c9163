/** MLEvolve's forced backpropagation (arXiv 2606.06473; as released): late in a run a chain may be cut short, unless it is hot. */
import type { SearchNode } from '../domain/node.js';
import { numberOf } from './graph.js';
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

/** What had been done when a node finished, itself included. */
export interface DoneBy {
  readonly seconds: number;
  readonly nodes: number;
  readonly inBranch: number;
  /** Those that finished just before it. */
  readonly recent: readonly SearchNode[];
}

/**
 * Whether a finished node ends its chain by force. τ of a node is the work that had been done when it finished, as a share of what time and
 * slots allow (or the share of executions, if more): a run with resumed and idle hours gives the same answer whenever it is asked.
 * The coin of a node is a draw of its own, found again from its number.
 */
export function isCutShort(state: SearchState, node: SearchNode, done: DoneBy): boolean {
  const tau = Math.max(workShare(state, done.seconds), done.nodes / state.config.executions);
  const due = tau >= LATE ? coin(state, node) < LATE_CHANCE : tau >= MIDDLE && done.inBranch % EACH === 0;
  return due && !isHot(node, done.recent.slice(-RECENT));
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
