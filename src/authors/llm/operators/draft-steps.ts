/** A draft in four calls, each seeing what the earlier ones wrote: data and features, model, training and prediction, one program. */
import { z } from 'zod';
import type { ProposalRequest } from '../../port.js';
import type { Memory } from '../memory/memory.js';
import { ProgramReply } from '../replies.js';
import { oneLine } from '../views/untrusted.js';
import { assembled, type Block } from './assemble.js';
import { dataBlock } from './block.js';
import type { Prompt, PromptSettings } from './prompt.js';
import { framed } from './prompt-for.js';

export const StepReply = z.object({
  notes: z
    .string()
    .describe('What the next steps must know: decisions, names and shapes of what this part leaves, in a few lines.'),
  code: z.string().describe('The code of this part alone, with the imports it needs.'),
  knowledge: z.array(z.string()).describe('Ids of the knowledge items that were used; empty when none was.'),
});
export type StepReply = z.infer<typeof StepReply>;

export const DRAFT_STEPS = ['data', 'model', 'training'] as const;
export type DraftStep = (typeof DRAFT_STEPS)[number];
export type StepsSoFar = Readonly<Partial<Record<DraftStep, StepReply>>>;

/** `earlier` holds the replies of the steps before this one. */
export function draftStepPrompt(
  step: DraftStep,
  request: ProposalRequest,
  memory: Memory,
  earlier: StepsSoFar,
  settings: PromptSettings,
): Prompt<StepReply> {
  const name = `draft-${step}` as const;
  const { varying, ...frame } = framed(name, request, memory, settings);
  const closing = 'Now answer with the notes and the code of this part.';
  const blocks = [...varying, ...partBlocks(earlier, settings)];
  return assembled({ ...frame, varying: blocks, name, schema: StepReply, closing }, settings);
}

/** The last call: the three parts become one program. */
export function draftMergePrompt(
  request: ProposalRequest,
  memory: Memory,
  parts: Readonly<Record<DraftStep, StepReply>>,
  settings: PromptSettings,
): Prompt<ProgramReply> {
  const { varying, ...frame } = framed('draft-merge', request, memory, settings);
  const closing = 'Now answer with the plan and the complete program.';
  const blocks = [...varying, ...partBlocks(parts, settings)];
  return assembled({ ...frame, varying: blocks, name: 'draft-merge', schema: ProgramReply, closing }, settings);
}

function partBlocks(parts: StepsSoFar, { countTokens }: PromptSettings): readonly Block[] {
  return DRAFT_STEPS.flatMap((step) => {
    const part = parts[step];
    if (part === undefined) return [];
    const text = `${oneLine(part.notes, 1_500).replace(/^/, '# ')}\n${part.code}`;
    const shape = {
      name: 'material',
      heading: `# Part: ${step}`,
      label: `notes and code of the ${step} part`,
      kind: 'code',
    } as const;
    return [dataBlock(shape, text, countTokens)];
  });
}
