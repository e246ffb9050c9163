/** One generator of ideas per operator; the composer takes the first that is new. Lazy, so that re-draws cost nothing. */
import type { ProposalRequest } from '../port.js';
import type { Catalogue } from './catalogue.js';
import { draftIdeas } from './draft.js';
import type { Facts } from './facts.js';
import type { Plan } from './plan.js';

export interface PlannedIdea {
  readonly plan: Plan;
  /** Against the parent, one line each. */
  readonly changes: readonly string[];
  /** Entries that shaped it without being components, for example a debug recipe. */
  readonly knowledge?: readonly string[];
}

export function ideasFor(request: ProposalRequest, facts: Facts, catalogue: Catalogue): Iterable<PlannedIdea> {
  return draftIdeas(request, facts, catalogue);
}
