/** First programs: the portfolio in order, then random plans, other families than the siblings' first. */
import type { ProposalRequest } from '../port.js';
import { assemble, type Idea, type PlanIdea } from './assemble.js';
import { type Component, fits } from './catalogue.js';
import type { Workshop } from './change.js';
import { candidates } from './feature-moves.js';
import type { PlannedIdea } from './operators.js';
import { PORTFOLIO } from './portfolio.js';
import { tablePortfolio } from './portfolio-table.js';
import type { Random } from './random.js';
import { anywhere } from './tune.js';

const RANDOM_DRAWS = 60;

export function* draftIdeas(request: ProposalRequest, workshop: Workshop, random: Random): Iterable<PlannedIdea> {
  const { facts, catalogue } = workshop;
  const portfolio = facts.shape === 'table' ? tablePortfolio(facts) : PORTFOLIO[facts.shape];
  for (const idea of [...portfolio, ...uncharted(workshop)]) {
    const plan = assemble(idea, facts, catalogue) ?? assemble(plain(idea), facts, catalogue);
    if (plan) yield { plan, changes: [] };
  }
  const counts = new Map<string, number>();
  for (const { family } of request.siblings) counts.set(family, (counts.get(family) ?? 0) + 1);
  for (let draw = 0; draw < RANDOM_DRAWS; draw += 1) {
    const plan = assemble(randomIdea(workshop, random, counts), facts, catalogue);
    if (plan) yield { plan, changes: [] };
  }
}

/** Models of the knowledge base that the portfolio does not know yet: a new entry is tried without a change here. */
function uncharted({ facts, catalogue }: Workshop): readonly PlanIdea[] {
  const charted = JSON.stringify(PORTFOLIO);
  return [...catalogue.components.values()]
    .filter((component) => component.slot === 'model' && !charted.includes(`"${component.id}"`))
    .filter((component) => fits(component, facts.card))
    .map((component) => ({ model: component.id }));
}

/** Without the extras that this task has no use for, for example a temperature where labels are scored. */
function plain({ calibrate, post, ...idea }: PlanIdea): PlanIdea {
  return idea;
}

function randomIdea(workshop: Workshop, random: Random, counts: ReadonlyMap<string, number>): PlanIdea {
  const models = [...workshop.catalogue.components.values()].filter(
    (component) => component.slot === 'model' && fits(component, workshop.facts.card),
  );
  // The rarer of two draws: families spread without being forced.
  const [a, b] = [random.pick(models), random.pick(models)];
  const rarer = (counts.get(a?.family ?? '') ?? 0) <= (counts.get(b?.family ?? '') ?? 0) ? a : b;
  const features = candidates('feature', workshop);
  const wanted = workshop.facts.shape === 'table' ? random.below(3) : 1 + random.below(3);
  return {
    model: rarer ? drawn(rarer, random) : 'none',
    feature: random
      .shuffle(features)
      .slice(0, wanted)
      .map((component) => drawn(component, random)),
  };
}

function drawn(component: Component, random: Random): Idea {
  return [
    component.id,
    Object.fromEntries(component.params.map((parameter) => [parameter.name, anywhere(parameter, random)])),
  ];
}
