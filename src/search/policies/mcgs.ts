/**
 * Monte Carlo Graph Search (AutoMLGen, arXiv 2510.08511) with the expand-here arm, ranks as values and the maximum backed up:
 * draft broadly, aggregate when nothing moves any more, else walk down and deepen.
 */
import { mayDraftMore, wantsDraft } from '../drafts.js';
import { draftMove } from '../move.js';
import { aggregate, moveAt } from '../operators.js';
import { select } from '../select.js';
import type { SearchState } from '../state.js';
import type { SearchPolicy } from './policy.js';

export const mcgs: SearchPolicy = {
  name: 'mcgs',
  choose(state) {
    if (wantsDraft(state)) return draftMove('fewer drafts than wanted');
    return aggregate(state) ?? deepen(state) ?? (mayDraftMore(state) ? draftMove('no node is open') : undefined);
  },
};

function deepen(state: SearchState) {
  const selection = select(state);
  return selection && moveAt(state, selection);
}
