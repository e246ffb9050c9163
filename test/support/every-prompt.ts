/** One prompt of every kind, from one request per operator. */

import type { Memory, RunHistory } from '../../src/authors/llm/memory/memory.js';
import { remember } from '../../src/authors/llm/memory/remember.js';
import { draftMergePrompt, draftStepPrompt } from '../../src/authors/llm/operators/draft-steps.js';
import type { Prompt, PromptSettings, WithParent } from '../../src/authors/llm/operators/prompt.js';
import { promptFor } from '../../src/authors/llm/operators/prompt-for.js';
import { leakRewritePrompt, reviewPrompt } from '../../src/authors/llm/operators/review.js';
import { againTurn, rewritePrompt } from '../../src/authors/llm/operators/turns.js';
import { usagePrompt } from '../../src/authors/llm/operators/usage.js';
import type { ProposalRequest } from '../../src/authors/port.js';
import type { Operator } from '../../src/domain/operator.js';
import { HISTORY, requestOf, SETTINGS } from './prompt-fixtures.js';

export interface Material {
  readonly request: (operator: Operator, change?: Partial<ProposalRequest>) => ProposalRequest;
  readonly history: RunHistory;
  readonly settings: PromptSettings;
  /** What models wrote in earlier calls of the same proposal. */
  readonly said: string;
}

const PART = { notes: 'leaves x, y, x_test and folds', code: 'x = features(train)', knowledge: [] };

export async function everyPrompt(change: Partial<Material> = {}): Promise<Readonly<Record<string, Prompt>>> {
  const { request, history, settings, said }: Material = {
    request: requestOf,
    history: HISTORY,
    settings: SETTINGS,
    said: PART.code,
    ...change,
  };
  const of = async (operator: Operator, more: Partial<ProposalRequest> = {}) => {
    const made = request(operator, more);
    return { made, memory: await remember(history, made) };
  };
  const first = async (
    operator: Operator,
    more: Partial<ProposalRequest> = {},
    adapt = (memory: Memory) => memory,
  ): Promise<Prompt> => {
    const { made, memory } = await of(operator, more);
    return promptFor(made, adapt(memory), settings);
  };
  const { made: improve, memory } = await of('improve');
  const { made: draft, memory: draftMemory } = await of('draft');
  const parent = improve as WithParent;
  const part = { ...PART, code: said, notes: said };
  const stalled = (known: Memory): Memory =>
    known.branch ? { ...known, branch: { ...known.branch, stalled: true } } : known;
  const debugPrompt = await first('debug');
  return {
    draft: await first('draft'),
    'draft-data': draftStepPrompt('data', draft, draftMemory, {}, settings),
    'draft-model': draftStepPrompt('model', draft, draftMemory, { data: part }, settings),
    'draft-training': draftStepPrompt('training', draft, draftMemory, { data: part, model: part }, settings),
    'draft-merge': draftMergePrompt(draft, draftMemory, { data: part, model: part, training: part }, settings),
    'improve-tune': await first('improve', { variant: 'tune' }),
    'improve-features': await first('improve', { variant: 'features' }),
    'improve-strategy': await first('improve', { variant: 'strategy' }),
    'improve-plateau': await first('improve', { variant: 'tune' }, stalled),
    debug: debugPrompt,
    evolve: await first('evolve'),
    fuse: await first('fuse'),
    aggregate: await first('aggregate'),
    review: reviewPrompt(draft, { program: said, summary: said }, settings),
    usage: usagePrompt(draft, said, settings),
    'leak-rewrite': leakRewritePrompt(draft, said, [said], settings),
    ablate: await first('ablate'),
    'refine-block': await first('refine-block'),
    merge: await first('merge'),
    'debug-edits': againTurn(
      debugPrompt,
      said,
      { kind: 'edits', problems: [`edit 1: \`search\` is not in the program: ${said}`] },
      settings,
    ),
    'improve-features-rewrite': rewritePrompt(parent, memory, [said], settings),
  };
}
