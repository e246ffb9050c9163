/** MLEvolve's soft switch (arXiv 2606.06473): late in a run more and more expansions start from the elite and pass the tree by. */
import type { SearchNode } from '../domain/node.js';
import { elite } from './elite.js';
import { draw } from './random.js';
import type { SearchState } from './state.js';
import { inverseRanks, pickWeighted } from './weighted.js';

/** w(τ), the share of expansions that walk down the tree: 1 until half-time, then in a straight line to 0.2 at τ = 0.7. */
export function treeShare(tau: number): number {
  if (tau < 0.5) return 1;
  return tau < 0.7 ? 1 - (0.8 * (tau - 0.5)) / 0.2 : 0.2;
}

/** The best five with three of a branch at most; from τ = 0.7 on the best three with two of a branch. */
export function eliteAt(state: Pick<SearchState, 'nodes' | 'steering'>, tau: number): readonly SearchNode[] {
  return tau < 0.7 ? elite(state, 5, 3) : elite(state, 3, 2);
}

/**
 * One of `members` by inverse rank. Those without room keep their rank and are not chosen; when none has room, any may be.
 * The draw is the second of the stream `select`.
 */
export function pickByRank(
  state: SearchState,
  members: readonly SearchNode[],
  hasRoom: (node: SearchNode) => boolean,
): { readonly node: SearchNode; readonly draw: number } | undefined {
  const rooms = members.map(hasRoom);
  const uniform = draw(state.streams.select, 1);
  const place = pickWeighted(inverseRanks(rooms.includes(true) ? rooms : rooms.map(() => true)), uniform);
  const node = place === undefined ? undefined : members[place];
  return node && { node, draw: uniform };
}
