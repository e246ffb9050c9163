/**
 * MLE-STAR's refinement in two calls (arXiv 2506.15692, algorithm 2): choose a block by an ablation, rewrite it without the program around it.
 * `promptFor` has the one-call forms: `ablate`, `refine-block`, `merge`.
 */
import { z } from 'zod';
import type { ProposalRequest } from '../../port.js';
import { NO_MEMORY } from '../memory/memory.js';
import { oneLine } from '../views/untrusted.js';
import { assembled, type Block, type BlockName } from './assemble.js';
import { dataBlock, listBlock } from './block.js';
import { shown } from './numbers.js';
import type { Prompt, PromptSettings, WithParent } from './prompt.js';
import { framed } from './prompt-for.js';

export const BlockChoiceReply = z.object({
  finding: z.string().describe('What the ablation shows, in one or two sentences.'),
  block: z.string().describe('The block to refine: whole lines copied exactly from the program, found once in it.'),
  plan: z.string().describe('How to refine it, three to five sentences.'),
});
export type BlockChoiceReply = z.infer<typeof BlockChoiceReply>;

export const BlockReply = z.object({
  plan: z.string().describe('What was changed and why, three to five sentences.'),
  block: z.string().describe('The new block, complete, with the indentation of the old one.'),
  knowledge: z.array(z.string()).describe('Ids of the knowledge items that were used; empty when none was.'),
});
export type BlockReply = z.infer<typeof BlockReply>;

/** A plan that was carried out on the block; `gain` is the paired difference, positive is better, absent for a failure. */
export interface TriedPlan {
  readonly plan: string;
  readonly gain?: number;
  readonly seconds?: number;
}

/** The first of `request.references` is the ablation, whose output is shown; `refined` holds the blocks refined before. */
export function chooseBlockPrompt(
  request: WithParent,
  refined: readonly string[],
  settings: PromptSettings,
): Prompt<BlockChoiceReply> {
  const blocks = [list('# Blocks refined before', 'refined blocks', refined, settings)];
  return starPrompt('choose-block', BlockChoiceReply, request, blocks, settings);
}

/** Sees block and plan only, not the program around them. `tried`: earlier plans for this block, best first. */
export function rewriteBlockPrompt(
  request: ProposalRequest,
  target: { readonly block: string; readonly plan: string; readonly tried: readonly TriedPlan[] },
  settings: PromptSettings,
): Prompt<BlockReply> {
  const { countTokens } = settings;
  const tried = target.tried.map(({ plan, gain, seconds }) => {
    const result = gain === undefined ? 'failed' : `gain ${shown(gain, 3)}`;
    return `${oneLine(plan, 400)} → ${result}${seconds === undefined ? '' : `, ${shown(seconds, 3)} s`}`;
  });
  const plan = { name: 'plan', heading: '# The plan', label: 'plan for the block', kind: 'text' } as const;
  const block = { name: 'program', heading: '# The block', label: 'block of the program', kind: 'code' } as const;
  const blocks = [
    list('# Plans tried on this block', 'tried plans', tried, settings),
    dataBlock(plan, target.plan, countTokens),
    dataBlock(block, target.block, countTokens),
  ];
  return starPrompt('rewrite-block', BlockReply, request, blocks, settings);
}

const CLOSINGS = {
  'choose-block': 'Now answer with the finding, the block and the plan.',
  'rewrite-block': 'Now answer with the plan and the new block.',
} as const;

function starPrompt<T>(
  name: keyof typeof CLOSINGS,
  schema: z.ZodType<T>,
  request: ProposalRequest,
  blocks: readonly Block[],
  settings: PromptSettings,
): Prompt<T> {
  const { varying, ...frame } = framed(name, request, NO_MEMORY, settings);
  return assembled({ ...frame, varying: [...varying, ...blocks], name, schema, closing: CLOSINGS[name] }, settings);
}

function list(heading: string, label: string, items: readonly string[], { countTokens }: PromptSettings): Block {
  const name: BlockName = 'similar';
  return listBlock(
    { name, heading, label, most: 900 },
    items.map((item) => `- ${oneLine(item, 600)}`),
    countTokens,
  );
}
