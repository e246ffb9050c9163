/**
 * AIDE's greedy search (arXiv 2502.13138, section 3): some drafts, then debug with a fixed chance while a failed leaf exists, else improve
 * the best. Same slots, budget, refusal of duplicates and variants as every other policy here, so that a comparison is fair.
 *
 * Presets: `aide-default`, what AIDE ships with (5 drafts, 0.5, 3 repairs in a row), and `aide-mlebench`, what the published results of
 * MLE-bench (arXiv 2410.07095) and AIRA call AIDE (1 and 20). Without one the numbers of the configuration count, which are the former.
 *
 * Guaranteed: of all open nodes the best is improved, whatever its number of children; no more repairs in a row than the depth says.
 */
import { improvable } from '../closed.js';
import { debugSome } from '../debug-leaf.js';
import { canDraft, draftCount } from '../drafts.js';
import { validNodes } from '../elite.js';
import { draftMove, type Move } from '../move.js';
import { improve, moveOf } from '../operators.js';
import type { SearchState } from '../state.js';
import type { SearchPolicy } from './policy.js';

interface Numbers {
  readonly drafts: number;
  readonly debugProbability: number;
  readonly debugDepth: number;
}

export const greedy: SearchPolicy = {
  name: 'greedy',
  choose(state) {
    const { drafts, debugProbability, debugDepth } = numbersOf(state);
    if (canDraft(state) && draftCount(state) < drafts) return draftMove('fewer drafts than wanted');
    const move = debugSome(state, debugProbability, debugDepth) ?? improveBest(state);
    return move ?? (canDraft(state) ? draftMove('no good node') : undefined);
  },
};

function numbersOf({ config }: SearchState): Numbers {
  if (config.preset === 'aide-default') return { drafts: 5, debugProbability: 0.5, debugDepth: 3 };
  if (config.preset === 'aide-mlebench') return { drafts: 5, debugProbability: 1, debugDepth: 20 };
  const { greedyDrafts, greedyDebugProbability, debugDepth } = config;
  return { drafts: greedyDrafts, debugProbability: greedyDebugProbability, debugDepth };
}

/** The best node that is still open for a change. */
function improveBest(state: SearchState): Move | undefined {
  const best = validNodes(state).find(improvable(state));
  const expansion = best && improve(state, best);
  return expansion && moveOf(best, expansion);
}
