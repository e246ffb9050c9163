/** One generator of ideas per operator; the composer takes the first that is new. Lazy, so that re-draws cost nothing. */
import type { ProposalRequest } from '../port.js';
import { planFrom, type Workshop } from './change.js';
import { aggregateIdeas, fuseIdeas } from './cross.js';
import { debugIdeas } from './debug.js';
import { draftIdeas } from './draft.js';
import { evolveIdeas } from './evolve.js';
import { featureIdeas } from './feature-moves.js';
import type { Plan } from './plan.js';
import { type Random, randomFrom } from './random.js';
import { strategyIdeas } from './strategy-moves.js';
import { tuneIdeas } from './tune.js';

export interface PlannedIdea {
  readonly plan: Plan;
  /** Against the parent, one line each. */
  readonly changes: readonly string[];
  /** Entries that shaped it without being components, for example a debug recipe. */
  readonly knowledge?: readonly string[];
}

/** Nothing when the operator needs a parent plan and there is none that the composer can read. */
export function ideasFor(request: ProposalRequest, workshop: Workshop): Iterable<PlannedIdea> {
  const random = randomFrom(request.seed);
  if (request.operator === 'draft') return draftIdeas(request, workshop, random);
  if (request.operator === 'aggregate') return aggregateIdeas(request.references, workshop);
  const plan = planFrom(request.parent?.plan, workshop);
  if (!plan) return [];
  switch (request.operator) {
    case 'improve':
      return improveIdeas(plan, request, workshop, random);
    case 'debug':
      return debugIdeas(plan, request, workshop);
    case 'evolve':
      return evolveIdeas(plan, request, workshop, random);
    case 'merge':
    case 'fuse':
      return withFallback(
        fuseIdeas(plan, request.references, workshop),
        strategyIdeas(plan, workshop, random, request.best),
      );
    case 'refine-block':
      return improveIdeas(plan, request, workshop, random);
    case 'ablate':
      return [];
  }
}

function improveIdeas(plan: Plan, request: ProposalRequest, workshop: Workshop, random: Random): Iterable<PlannedIdea> {
  const recommended = new Set(request.knowledge.map((each) => each.entry.id));
  const tune = tuneIdeas(plan, workshop, random);
  switch (request.variant ?? 'tune') {
    case 'tune':
      return tune;
    case 'features':
      return withFallback(featureIdeas(plan, workshop, random, recommended), tune);
    case 'strategy':
      return withFallback(strategyIdeas(plan, workshop, random, request.best), tune);
  }
}

function* withFallback(first: Iterable<PlannedIdea>, then: Iterable<PlannedIdea>): Iterable<PlannedIdea> {
  yield* first;
  yield* then;
}
