/** First programs: the portfolio in order, then random plans. */
import type { ProposalRequest } from '../port.js';
import { assemble, type PlanIdea } from './assemble.js';
import type { Catalogue } from './catalogue.js';
import type { Facts } from './facts.js';
import type { PlannedIdea } from './operators.js';
import { PORTFOLIO } from './portfolio.js';

export function* draftIdeas(_request: ProposalRequest, facts: Facts, catalogue: Catalogue): Iterable<PlannedIdea> {
  for (const idea of PORTFOLIO[facts.shape]) {
    const plan = assemble(idea, facts, catalogue) ?? assemble(plain(idea), facts, catalogue);
    if (plan) yield { plan, changes: [] };
  }
}

/** Without the extras that this task has no use for, for example a temperature where labels are scored. */
function plain({ calibrate, post, ...idea }: PlanIdea): PlanIdea {
  return idea;
}
