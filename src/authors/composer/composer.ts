/** The author that needs no model: it writes complete programs from components of the knowledge base. */
import { fingerprintOf } from '../../domain/fingerprint.js';
import type { KnowledgeEntry } from '../../domain/knowledge-entry.js';
import type { Proposal } from '../../domain/proposal.js';
import type { Author, ProposalRequest } from '../port.js';
import { affordable } from './affordable.js';
import { type Catalogue, createCatalogue } from './catalogue.js';
import { describe, familyOf } from './describe.js';
import { factsOf } from './facts.js';
import { ideasFor } from './operators.js';
import { componentsOf } from './plan.js';
import { render } from './render.js';

export { fingerprintOf };

export interface ComposerOptions {
  /** Curated entries; those with a `.py.tpl` template become components. */
  readonly entries: readonly KnowledgeEntry[];
  /** Absolute folder of the templates that entries name. */
  readonly templatesFolder: string;
}

const COST = { seconds: 0, gpuSeconds: 0, usd: 0, tokens: 0, executions: 0 } as const;

/** Deterministic: the same request gets the same proposal. @throws Error when a template is missing or malformed. */
export function createComposer({ entries, templatesFolder }: ComposerOptions): Author {
  const catalogue = createCatalogue(entries, templatesFolder);
  return { name: 'composer', propose: async (request) => propose(request, catalogue) };
}

/** The first idea whose program the run has not seen. */
function propose(request: ProposalRequest, catalogue: Catalogue): Proposal {
  if (request.card.predictions === 'text') return none('not-applicable', request);
  const facts = factsOf(request.card, request.split, request.limits.cpus);
  const refused = new Set([...request.taken, ...(request.parent ? [fingerprintOf(request.parent.program)] : [])]);
  let tried = 0;
  for (const idea of ideasFor(request, { facts, catalogue })) {
    const plan = affordable(idea.plan, request.limits, { facts, catalogue });
    if (!plan) continue;
    tried += 1;
    const program = render(plan, facts, catalogue);
    if (refused.has(fingerprintOf(program))) continue;
    return {
      kind: 'program',
      program,
      plan,
      summary: describe(plan, catalogue),
      changes: [...idea.changes],
      family: familyOf(plan, catalogue),
      knowledge: [...new Set([...componentsOf(plan), ...(idea.knowledge ?? [])])],
      cost: COST,
    };
  }
  return tried === 0 ? none('not-applicable', request) : none('duplicate', request, tried);
}

function none(reason: 'not-applicable' | 'duplicate', request: ProposalRequest, tried = 0): Proposal {
  const message =
    reason === 'duplicate'
      ? `All ${tried} programs that ${request.operator} could offer have been run already.`
      : `The composer has no ${request.operator} for this request.`;
  return { kind: 'none', reason, message, cost: COST };
}
