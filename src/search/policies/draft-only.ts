/** Independent first programs and nothing else: what every search has to beat. */
import { canDraft } from '../drafts.js';
import { draftMove } from '../move.js';
import type { SearchPolicy } from './policy.js';

export const draftOnly: SearchPolicy = {
  name: 'draft-only',
  choose: (state) => (canDraft(state) ? draftMove('this policy only drafts') : undefined),
};
