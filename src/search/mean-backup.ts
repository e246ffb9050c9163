/** The classic backup: every reward counts for its node and all that lie above it over primary edges, and the mean is what a subtree is worth. */
import type { NodeId } from '../domain/ids.js';
import type { ParentId } from '../domain/node.js';
import { graphOf } from './graph.js';
import type { SearchState } from './state.js';

export interface Sums {
  /** N: rewards of the subtree. */
  readonly visits: number;
  /** W: their sum. */
  readonly sum: number;
}

const NOT_VISITED: Sums = { visits: 0, sum: 0 };

/**
 * `N_u ← N_u + 1, W_u ← W_u + R(v)` for every node u from v to the root and every v in `rewards` (AutoMLGen, arXiv 2510.08511, section 3.3).
 * Recomputed as a whole, so nothing is ever counted twice, in whatever order results arrive.
 */
export function meanBackup(
  state: Pick<SearchState, 'nodes'>,
  rewards: ReadonlyMap<NodeId, number>,
): ReadonlyMap<ParentId, Sums> {
  const { nodes } = graphOf(state);
  const sums = new Map<ParentId, { visits: number; sum: number }>([['root', { ...NOT_VISITED }]]);
  for (const { id } of nodes) {
    const reward = rewards.get(id);
    sums.set(id, reward === undefined ? { ...NOT_VISITED } : { visits: 1, sum: reward });
  }
  for (let position = nodes.length - 1; position >= 0; position -= 1) {
    const node = nodes[position];
    const own = node && sums.get(node.id);
    const above = node && sums.get(node.parent);
    if (!own || !above) continue;
    above.visits += own.visits;
    above.sum += own.sum;
  }
  return sums;
}

export function sumsOf(sums: ReadonlyMap<ParentId, Sums>, id: ParentId): Sums {
  return sums.get(id) ?? NOT_VISITED;
}
