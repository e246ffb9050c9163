/**
 * When more of the same stops paying. Progress is judged against the best *before* the node in question: compared with the best that already
 * includes it, nothing ever looks like progress.
 */
import type { BranchId, SearchNode } from '../domain/node.js';
import type { Paired } from '../domain/score.js';
import { expectedNodes } from './estimates.js';
import { graphOf } from './graph.js';
import { beats, gain, rounded } from './is-better.js';
import type { SearchState } from './state.js';

/** θ: nodes without progress that make a branch stagnant. */
export function branchWindow(state: SearchState): number {
  return Math.max(state.config.stagnationBranch, Math.ceil(0.02 * expectedNodes(state)));
}

/** Nodes without a new best that make the whole search stagnant. */
export function globalWindow(state: SearchState): number {
  return Math.max(state.config.stagnationGlobal, Math.ceil(0.05 * expectedNodes(state)));
}

/** None of the last θ valid nodes of the branch beat the branch best before it. */
export function isBranchStagnant(state: SearchState, branch: BranchId): boolean {
  const nodes = (graphOf(state).branches.get(branch) ?? []).filter((node) => node.status === 'valid');
  return isStagnant(nodes, branchWindow(state), (node) => node.versus?.branchBest, state.config.beatsZ);
}

/** No new best for as many nodes, failed ones included, as the window holds; an aggregation starts the count anew. */
export function isGloballyStagnant(state: SearchState, window: number = globalWindow(state)): boolean {
  const { finished } = graphOf(state);
  if (finished.slice(-window).some((node) => node.operator === 'aggregate')) return false;
  return isStagnant(finished, window, (node) => node.versus?.best, state.config.beatsZ);
}

/**
 * The published rule, for `mcgs-paper`: none of the last θ valid nodes of the branch is at least as good as the branch best, so a tie with it
 * starts the count anew (AutoMLGen, arXiv 2510.08511, section 3.3; θ = 3, or 6 after an elite pick, as released).
 */
export function isBranchStuck(state: SearchState, branch: BranchId, theta: number): boolean {
  const gains = (graphOf(state).branches.get(branch) ?? [])
    .filter((node) => node.status === 'valid')
    .map((node) => rounded(gain(node)));
  return Math.max(...gains.slice(-theta)) < Math.max(...gains);
}

/** More nodes than the window holds, and none of the last that many made progress. */
function isStagnant(
  nodes: readonly SearchNode[],
  window: number,
  pairedOf: (node: SearchNode) => Paired | undefined,
  z: number,
): boolean {
  const from = nodes.length - window;
  if (from < 1) return false;
  let best = bestOf(nodes.slice(0, from));
  for (const node of nodes.slice(from)) {
    if (node.status !== 'valid') continue;
    if (!best || beats(node, best, pairedOf(node), z)) return false;
    if (gain(node) > gain(best)) best = node;
  }
  return true;
}

function bestOf(nodes: readonly SearchNode[]): SearchNode | undefined {
  let best: SearchNode | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const node of nodes) {
    const value = gain(node);
    if (value > most) [best, most] = [node, value];
  }
  return best;
}
