/**
 * AIRA's Monte Carlo tree search (arXiv 2507.02554, section 4): five drafts, UCT with c = 0.25 on mean scores between the worst and the best
 * so far, five improvements of the leaf it ends on, every failed program first repaired up to a limit (preset `paper`: 10 times in a row,
 * `released`: 20).
 *
 * What was weak there is mended, or nothing could be compared with it: a program that is never repaired counts as a visit worth nothing, so a
 * dead leaf loses its turn; only valid nodes are improved; a leaf without a place left is passed over; the five are made side by side in
 * as many slots as there are, each checked against the budget; ties go to the older node.
 *
 * Guaranteed: a repaired program's score counts for its failed forerunners as well, once; no node has more than five improvements.
 */
import type { SearchNode } from '../../domain/node.js';
import { inFlight, inFlightOf } from '../backup.js';
import { improvable } from '../closed.js';
import { debugFirst } from '../debug-leaf.js';
import { descend } from '../descend.js';
import { canDraft, draftCount, mayDraftMore } from '../drafts.js';
import { childrenOf, graphOf } from '../graph.js';
import { meanBackup } from '../mean-backup.js';
import { draftMove, type Move } from '../move.js';
import { improve, moveOf } from '../operators.js';
import { rangeValueOf } from '../ranges.js';
import type { SearchState } from '../state.js';
import { meanArm } from '../uct.js';
import type { SearchPolicy } from './policy.js';

const C = 0.25;
const CHILDREN = 5;
const PAPER_REPAIRS = 10;
const RELEASED_REPAIRS = 20;

export const airaMcts: SearchPolicy = {
  name: 'aira-mcts',
  choose(state) {
    const repairs = state.config.preset === 'released' ? RELEASED_REPAIRS : PAPER_REPAIRS;
    const repair = debugFirst(state, repairs);
    if (repair) return repair;
    if (canDraft(state) && draftCount(state) < CHILDREN) return draftMove('fewer drafts than wanted');
    return expandLeaf(state) ?? (mayDraftMore(state) ? draftMove('no node is open') : undefined);
  },
};

function expandLeaf(state: SearchState): Move | undefined {
  const graph = graphOf(state);
  const flying = inFlight(state);
  const counts = { sums: meanBackup(state, visitsOf(state)), inFlight: flying, c: C };
  const childCount = ({ id }: SearchNode) => childrenOf(graph, id).length + inFlightOf(flying, id).here;
  const isOpen = improvable(state);
  const selection = descend(state, 'root', {
    mayExpand: (node) => isOpen(node) && childCount(node) < CHILDREN,
    armOf: (parent, child) => meanArm(counts, parent, child),
  });
  const expansion = selection && improve(state, selection.node);
  return expansion && moveOf(selection.node, expansion, selection.path);
}

/** One visit for every valid node, and one worth nothing for every failed node that nothing has come of. */
function visitsOf(state: SearchState): (node: SearchNode, place: number) => number | undefined {
  const graph = graphOf(state);
  const rangeAt = rangeValueOf(state);
  const isValued = (place: number) =>
    graph.gains[place] !== Number.NEGATIVE_INFINITY || graph.children[place]?.length === 0;
  return (_, place) => (isValued(place) ? rangeAt(place) : undefined);
}
