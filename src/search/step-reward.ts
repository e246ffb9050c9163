/** The reward of AutoMLGen (arXiv 2510.08511, section 3.3): three steps, by what a node did for its branch. */
import type { NodeId } from '../domain/ids.js';
import type { BranchId, SearchNode } from '../domain/node.js';
import { memory } from './carried.js';
import { graphOf } from './graph.js';
import { beats, gain, pairedAgainst } from './is-better.js';
import type { SearchState } from './state.js';

interface Book {
  /** The `beatsZ` by which rewards were given. */
  readonly z: number;
  readonly rewards: Map<NodeId, number>;
  /** The best node of each branch so far. */
  readonly bests: Map<BranchId, SearchNode>;
}

const books = memory<Book>(({ z, rewards, bests }, node) =>
  rewarded({ z, rewards: new Map(rewards), bests: new Map(bests) }, node),
);

/**
 * −1 failed; +1 valid; +2 valid and better than the best of its branch *before it*. The first valid node of a branch earns 2, a tie earns 1
 * (the paper leaves both open). A reward never changes once its node has finished: later nodes have no say in it.
 */
export function stepRewards(state: Pick<SearchState, 'nodes' | 'config'>): ReadonlyMap<NodeId, number> {
  const z = state.config.beatsZ;
  const known = books.of(state);
  if (known?.z === z) return known.rewards;
  return books.keep(state, graphOf(state).finished.reduce(rewarded, { z, rewards: new Map(), bests: new Map() }))
    .rewards;
}

/** Enters the next node in the order of finishing. */
function rewarded(book: Book, node: SearchNode): Book {
  const { z, rewards, bests } = book;
  const best = bests.get(node.branch);
  const isNew = !best || beats(node, best, pairedAgainst(node, best), z);
  rewards.set(node.id, node.status === 'failed' ? -1 : isNew ? 2 : 1);
  if (node.status === 'valid' && (!best || gain(node) > gain(best))) bests.set(node.branch, node);
  return book;
}
