/**
 * No tree at all: improve one of the best five, the best most often, by inverse rank. Drafts as `mcgs` writes them, failed leaves repaired as
 * AIDE does (arXiv 2502.13138), so that the difference to `mcgs` is the walk. The elite pick of MLEvolve (arXiv 2606.06473) from the first
 * node on, without its cap by branch, is nearly the same.
 *
 * Guaranteed: of the nodes that are still open for a change only the best five are ever improved; ranks count these five.
 */
import type { SearchNode } from '../../domain/node.js';
import { improvable } from '../closed.js';
import { debugSome } from '../debug-leaf.js';
import { mayDraftMore, wantsDraft } from '../drafts.js';
import { validNodes } from '../elite.js';
import { pickByRank } from '../elite-switch.js';
import { draftMove, type Move } from '../move.js';
import { improve, moveOf } from '../operators.js';
import type { SearchState } from '../state.js';
import type { SearchPolicy } from './policy.js';

const BEST = 5;
const DEBUG_PROBABILITY = 0.5;

export const topK: SearchPolicy = {
  name: 'top-k',
  choose(state) {
    if (wantsDraft(state)) return draftMove('fewer drafts than wanted');
    const move = debugSome(state, DEBUG_PROBABILITY, state.config.debugDepth) ?? improveSome(state);
    return move ?? (mayDraftMore(state) ? draftMove('no node is open') : undefined);
  },
};

function improveSome(state: SearchState): Move | undefined {
  const picked = pickByRank(state, bestOpen(state), () => true);
  const expansion = picked && improve(state, picked.node);
  return expansion && moveOf(picked.node, { ...expansion, draws: { ...expansion.draws, rank: picked.draw } });
}

/** The best five of those that are open for a change. */
function bestOpen(state: SearchState): readonly SearchNode[] {
  const isOpen = improvable(state);
  const open: SearchNode[] = [];
  for (const node of validNodes(state)) {
    if (open.length === BEST) break;
    if (isOpen(node)) open.push(node);
  }
  return open;
}
