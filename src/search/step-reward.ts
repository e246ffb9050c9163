/** The reward of AutoMLGen (arXiv 2510.08511, section 3.3): three steps, by what a node did for its branch. */
import type { BranchId, SearchNode } from '../domain/node.js';
import { memory } from './carried.js';
import { graphOf } from './graph.js';
import { placeOf } from './index-graph.js';
import { beats, gain, pairedAgainst } from './is-better.js';
import type { SearchState } from './state.js';

interface Book {
  /** The `beatsZ` by which rewards were given. */
  readonly z: number;
  /** By place in the graph. */
  readonly rewards: readonly number[];
  /** The best node of each branch so far. */
  readonly bests: ReadonlyMap<BranchId, SearchNode>;
}

const books = memory<Book>(({ z, rewards, bests }, node, after) => ({
  z,
  rewards: rewards.toSpliced(placeOf(graphOf(after), node.id), 0, rewardOf(node, bests.get(node.branch), z)),
  bests: raises(node, bests.get(node.branch)) ? new Map(bests).set(node.branch, node) : bests,
}));

/**
 * By place in the graph: −1 failed; +1 valid; +2 valid and better than the best of its branch *before it*. The first valid node of a branch
 * earns 2, a tie earns 1 (the paper leaves both open). A reward never changes once its node has finished: later nodes have no say in it.
 */
export function stepRewards(state: Pick<SearchState, 'nodes' | 'config'>): readonly number[] {
  const z = state.config.beatsZ;
  const known = books.of(state);
  if (known?.z === z) return known.rewards;
  const graph = graphOf(state);
  const rewards = graph.nodes.map(() => 0);
  const bests = new Map<BranchId, SearchNode>();
  for (const node of graph.finished) {
    const best = bests.get(node.branch);
    rewards[placeOf(graph, node.id)] = rewardOf(node, best, z);
    if (raises(node, best)) bests.set(node.branch, node);
  }
  return books.keep(state, { z, rewards, bests }).rewards;
}

/** `best` is that of its branch before it. */
function rewardOf(node: SearchNode, best: SearchNode | undefined, z: number): number {
  if (node.status === 'failed') return -1;
  return !best || beats(node, best, pairedAgainst(node, best), z) ? 2 : 1;
}

function raises(node: SearchNode, best: SearchNode | undefined): boolean {
  return node.status === 'valid' && (!best || gain(node) > gain(best));
}
