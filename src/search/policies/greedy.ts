/**
 * AIDE's greedy search (arXiv 2502.13138, section 3): some drafts, then debug with a fixed chance while a failed leaf exists, else improve
 * the best. Same slots, budget, refusal of duplicates and variants as every other policy here, so that a comparison is fair.
 */
import type { SearchNode } from '../../domain/node.js';
import { canDebug, canImprove } from '../closed.js';
import { canDraft, draftCount } from '../drafts.js';
import { validNodes } from '../elite.js';
import { graphOf } from '../graph.js';
import { draftMove, type Move } from '../move.js';
import { debug, improve } from '../operators.js';
import { prunedNodes } from '../pruned.js';
import { draw } from '../random.js';
import type { SearchState } from '../state.js';
import type { SearchPolicy } from './policy.js';

export const greedy: SearchPolicy = {
  name: 'greedy',
  choose(state) {
    if (canDraft(state) && draftCount(state) < state.config.greedyDrafts) return draftMove('fewer drafts than wanted');
    return debugSome(state) ?? improveBest(state) ?? (canDraft(state) ? draftMove('no good node') : undefined);
  },
};

function debugSome(state: SearchState): Move | undefined {
  const pruned = prunedNodes(state);
  const leaves = graphOf(state).nodes.filter((node) => canDebug(state, node) && !pruned.has(node.id));
  const chance = draw(state.streams.select, 0);
  if (chance >= state.config.greedyDebugProbability) return undefined;
  const place = draw(state.streams.select, 1);
  const leaf = leaves[Math.floor(place * leaves.length)];
  return leaf && at(leaf, { ...debug(leaf), draws: { debug: chance, leaf: place } });
}

/** The best node that is still open for a change. */
function improveBest(state: SearchState): Move | undefined {
  const best = validNodes(state).find((node) => canImprove(state, node));
  const expansion = best && improve(state, best);
  return expansion && at(best, expansion);
}

function at(node: SearchNode, expansion: Omit<Move, 'parent' | 'branch' | 'path'>): Move {
  return { parent: node.id, branch: node.branch, path: [], ...expansion };
}
