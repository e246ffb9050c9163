/**
 * When more of the same stops paying. Progress is judged against the best *before* the node in question: compared with the best that already
 * includes it, nothing ever looks like progress.
 */
import type { BranchId, SearchNode } from '../domain/node.js';
import type { Paired } from '../domain/score.js';
import { expectedNodes } from './estimates.js';
import { graphOf } from './graph.js';
import { beats, gain } from './is-better.js';
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
  const since = sinceProgress(nodes, (node) => node.versus?.branchBest, state.config.beatsZ);
  return since >= branchWindow(state);
}

/** No new best for as many nodes, failed ones included, as the window holds; an aggregation starts the count anew. */
export function isGloballyStagnant(state: SearchState): boolean {
  const { finished } = graphOf(state);
  const since = sinceProgress(finished, (node) => node.versus?.best, state.config.beatsZ);
  const aggregated = finished.findLastIndex((node) => node.operator === 'aggregate');
  return Math.min(since, finished.length - 1 - aggregated) >= globalWindow(state);
}

/** Nodes after the last one that beat the best before it; the first valid node counts as progress. */
function sinceProgress(
  nodes: readonly SearchNode[],
  pairedOf: (node: SearchNode) => Paired | undefined,
  z: number,
): number {
  let best: SearchNode | undefined;
  let since = 0;
  for (const node of nodes) {
    since += 1;
    if (node.status !== 'valid') continue;
    if (!best || beats(node, best, pairedOf(node), z)) since = 0;
    if (!best || gain(node) > gain(best)) best = node;
  }
  return since;
}
