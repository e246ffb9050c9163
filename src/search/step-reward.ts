/** The reward of AutoMLGen (arXiv 2510.08511, section 3.3): three steps, by what a node did for its branch. */
import type { NodeId } from '../domain/ids.js';
import type { BranchId, SearchNode } from '../domain/node.js';
import { graphOf } from './graph.js';
import { beats, gain, pairedAgainst } from './is-better.js';
import type { SearchState } from './state.js';

/**
 * −1 failed; +1 valid; +2 valid and better than the best of its branch *before it*. The first valid node of a branch earns 2, a tie earns 1
 * (the paper leaves both open). A reward never changes once its node has finished: later nodes have no say in it.
 */
export function stepRewards(state: Pick<SearchState, 'nodes' | 'config'>): ReadonlyMap<NodeId, number> {
  const rewards = new Map<NodeId, number>();
  const bests = new Map<BranchId, SearchNode>();
  for (const node of graphOf(state).finished) {
    if (node.status === 'failed') {
      rewards.set(node.id, -1);
      continue;
    }
    const best = bests.get(node.branch);
    const isNew = !best || beats(node, best, pairedAgainst(node, best), state.config.beatsZ);
    rewards.set(node.id, isNew ? 2 : 1);
    if (!best || gain(node) > gain(best)) bests.set(node.branch, node);
  }
  return rewards;
}
