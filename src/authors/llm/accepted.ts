/** From a model's words to a proposal: nothing is taken over that is not asked for, offered, or short enough. */
import type { Proposal } from '../../domain/proposal.js';
import type { Cost } from '../../domain/score.js';
import type { ProposalRequest } from '../port.js';
import type { ModelCalls } from './calls.js';
import { plainLine } from './plain-text.js';
import type { Plan } from './replies.js';

/** A program on its way: what is to be run, and what the model says about it. */
export interface Candidate {
  readonly program: string;
  readonly plan: Plan;
  /** Against the parent; empty for a whole program. */
  readonly changes: readonly string[];
}

const LONGEST_SUMMARY = 120;
const LONGEST_FIELD = 2_000;
const LONGEST_CHANGE = 200;
const MOST_CHANGES = 12;

/** `notes` are ours: what the gates found and let pass. */
export function accepted(
  { program, plan, changes }: Candidate,
  request: ProposalRequest,
  notes: readonly string[],
  calls: Pick<ModelCalls, 'cost'>,
): Proposal {
  const offered = new Set(request.knowledge.map(({ entry }) => entry.id));
  const knowledge = [...new Set(plan.knowledge)].filter((id) => offered.has(id));
  const field = (text: string): string => plainLine(text, LONGEST_FIELD);
  const summary = plainLine(plan.summary, LONGEST_SUMMARY) || 'a program without a stated plan';
  const family = familyFrom(plan.family) ?? request.parent?.family ?? 'other';
  return {
    kind: 'program',
    program,
    plan: {
      author: 'llm',
      summary,
      family,
      data: field(plan.data),
      features: field(plan.features),
      model: field(plan.model),
      training: field(plan.training),
      knowledge,
      notes: notes.map((note) => plainLine(note, LONGEST_FIELD)),
    },
    summary,
    changes: changes.slice(0, MOST_CHANGES).map((change) => plainLine(change, LONGEST_CHANGE)),
    family,
    knowledge,
    cost: costOf(calls),
  };
}

export function rejected(
  reason: Extract<Proposal, { kind: 'none' }>['reason'],
  message: string,
  calls: Pick<ModelCalls, 'cost'>,
): Proposal {
  return { kind: 'none', reason, message: plainLine(message, LONGEST_FIELD), cost: costOf(calls) };
}

/** Families are compared with each other and with the composer's: small letters, digits and dashes. */
function familyFrom(text: string): string | undefined {
  const words = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return words === '' ? undefined : words.slice(0, 40);
}

function costOf(calls: Pick<ModelCalls, 'cost'>): Cost {
  const { usd, tokens, seconds } = calls.cost();
  return { seconds, gpuSeconds: 0, usd, tokens, executions: 0 };
}
