/**
 * Both authors in one run. The composer costs nothing and fails seldom, so it lays the floor: drafts take turns, its own first. What it wrote it
 * repairs itself, when it can. Everything that builds on a program is the model's; where the model has nothing to offer, the composer is asked.
 */
import type { Proposal } from '../domain/proposal.js';
import { CapReachedError } from './llm/calls.js';
import type { Author, AuthorTools, ProposalRequest } from './port.js';

export function createMixedAuthor(authors: { readonly composer: Author; readonly llm: Author }): Author {
  const { composer } = authors;
  const llm = withinCaps(authors.llm);
  return {
    name: 'mixed',
    async propose(request, tools) {
      const [first, second] = composerFirst(request) ? [composer, llm] : [llm, composer];
      const proposal = await first.propose(request, tools);
      return proposal.kind === 'program' ? proposal : otherwise(proposal, second, request, tools);
    },
  };
}

/** Under a cap that is reached the model has nothing to offer; the run goes on without it. */
function withinCaps(llm: Author): Author {
  return {
    name: llm.name,
    async propose(request, tools) {
      try {
        return await llm.propose(request, tools);
      } catch (error) {
        if (!(error instanceof CapReachedError) || tools === undefined) throw error;
        const cost = { gpuSeconds: 0, executions: 0, ...tools.calls.cost() };
        return { kind: 'none', reason: 'not-applicable', message: error.message, cost };
      }
    },
  };
}

/** Decided by the request alone, so that a repeat asks the same author; by the number of the node, since drafts are proposed side by side. */
function composerFirst({ nodeId, operator, parent }: ProposalRequest): boolean {
  if (operator === 'draft') return Number(nodeId.slice(1)) % 2 === 1;
  return operator === 'debug' && parent !== undefined && !isOfModel(parent.plan);
}

/** The model's plans say so; the composer's and a person's do not. */
function isOfModel(plan: unknown): boolean {
  return typeof plan === 'object' && plan !== null && 'author' in plan && plan.author === 'llm';
}

/** What the first one asked has cost is paid in any case. */
async function otherwise(
  first: Extract<Proposal, { kind: 'none' }>,
  second: Author,
  request: ProposalRequest,
  tools: AuthorTools | undefined,
): Promise<Proposal> {
  const proposal = await second.propose(request, tools);
  const { cost } = second.name === 'composer' ? first : proposal;
  return proposal.kind === 'program'
    ? { ...proposal, cost }
    : { ...first, message: `${first.message} ${proposal.message}`, cost };
}
