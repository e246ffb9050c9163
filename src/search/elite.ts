/** The best nodes so far, by the search score. */
import type { BranchId, SearchNode } from '../domain/node.js';
import { graphOf, nodeOf } from './graph.js';
import { prunedNodes } from './pruned.js';
import type { SearchState } from './state.js';

type Nodes = Pick<SearchState, 'nodes' | 'steering'>;

/** Nodes of one branch that may stand in the elite together: the rest would be near copies. */
const PER_BRANCH = 3;

const rankings = new WeakMap<SearchState['nodes'], { pruned: readonly string[]; best: readonly SearchNode[] }>();

/** Nodes with a score, best first, ties in the order of decision; pruned subtrees are left out. */
export function validNodes(state: Nodes): readonly SearchNode[] {
  const { ranked } = graphOf(state);
  if (state.steering.pruned.length === 0) return ranked;
  const known = rankings.get(state.nodes);
  if (known && known.pruned === state.steering.pruned) return known.best;
  const pruned = prunedNodes(state);
  const best = ranked.filter(({ id }) => !pruned.has(id));
  rankings.set(state.nodes, { pruned: state.steering.pruned, best });
  return best;
}

/** The best score by the metric's direction; ties go to the node decided first. */
export function bestNode(state: Nodes): SearchNode | undefined {
  return validNodes(state)[0];
}

/** At most `count`, best first. */
export function topNodes(state: Nodes, count: number): readonly SearchNode[] {
  return validNodes(state).slice(0, count);
}

export function branchBest(state: Nodes, branch: BranchId): SearchNode | undefined {
  return validNodes(state).find((node) => node.branch === branch);
}

/** The best of each branch, best first. */
export function branchLeaders(state: Nodes): readonly SearchNode[] {
  const seen = new Set<BranchId>();
  return validNodes(state).filter((node) => !seen.has(node.branch) && seen.add(node.branch));
}

/** At most `count` nodes, best first, no more than `perBranch` of a branch; pinned nodes come before all others. */
export function elite(state: Nodes, count: number, perBranch: number = PER_BRANCH): readonly SearchNode[] {
  const pinned = state.steering.pinned.map((id) => nodeOf(state, id)).filter((node) => node?.status === 'valid');
  const chosen = new Set<SearchNode>(pinned.filter((node) => node !== undefined));
  const members = new Map<BranchId, number>();
  for (const node of validNodes(state)) {
    if (chosen.size >= count) break;
    const inBranch = members.get(node.branch) ?? 0;
    if (inBranch >= perBranch) continue;
    members.set(node.branch, inBranch + 1);
    chosen.add(node);
  }
  return [...chosen].slice(0, count);
}
