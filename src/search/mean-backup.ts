/** The classic backup: every reward counts for its node and all that lie above it over primary edges, and the mean is what a subtree is worth. */
import type { ParentId, SearchNode } from '../domain/node.js';
import { graphOf } from './graph.js';
import { type Graph, placeOf } from './index-graph.js';
import type { SearchState } from './state.js';

export interface Sum {
  /** N: rewards of the subtree. */
  readonly visits: number;
  /** W: their sum. */
  readonly sum: number;
}

/** N and W of all nodes by place, to be read with `sumOf`. The root has the last place. */
export interface Sums {
  readonly graph: Graph;
  readonly visits: readonly number[];
  readonly sums: readonly number[];
}

const NOT_VISITED: Sum = { visits: 0, sum: 0 };

/**
 * `N_u ← N_u + 1, W_u ← W_u + R(v)` for every node u from v to the root and every v with a reward (AutoMLGen, arXiv 2510.08511, section 3.3).
 * Recomputed as a whole, so nothing is ever counted twice, in whatever order results arrive.
 */
export function meanBackup(
  state: Pick<SearchState, 'nodes'>,
  rewardOf: (node: SearchNode, place: number) => number | undefined,
): Sums {
  const graph = graphOf(state);
  const root = graph.nodes.length;
  const rewards = [...graph.nodes.map(rewardOf), undefined];
  const visits = rewards.map<number>((reward) => (reward === undefined ? 0 : 1));
  const sums = rewards.map((reward) => reward ?? 0);
  for (let place = root - 1; place >= 0; place -= 1) {
    const above = graph.above[place] ?? -1;
    const parent = above < 0 ? root : above;
    visits[parent] = (visits[parent] ?? 0) + (visits[place] ?? 0);
    sums[parent] = (sums[parent] ?? 0) + (sums[place] ?? 0);
  }
  return { graph, visits, sums };
}

export function sumOf({ graph, visits, sums }: Sums, id: ParentId): Sum {
  const place = id === 'root' ? graph.nodes.length : placeOf(graph, id);
  return place < 0 ? NOT_VISITED : { visits: visits[place] ?? 0, sum: sums[place] ?? 0 };
}
