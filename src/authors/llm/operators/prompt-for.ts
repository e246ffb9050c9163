/** The first prompt of a proposal: which form of the operator, what it may see, in which order. Pure: the same request gives the same bytes. */
import type { ProposalRequest } from '../../port.js';
import type { Memory } from '../memory/memory.js';
import { EditsReply, ProgramReply } from '../replies.js';
import { assembled, type Block, type Draft } from './assemble.js';
import { plainBlock } from './block.js';
import {
  branchBlock,
  fixesBlock,
  hintsBlock,
  knowledgeBlock,
  lessonsBlock,
  pathBlock,
  similarBlock,
} from './memory-blocks.js';
import { nowText } from './now-text.js';
import { OPERATOR_TEXT } from './operator-text.js';
import { bestBlock, parentBlocks, referenceBlocks, siblingsBlock } from './program-blocks.js';
import type { PromptSettings, ProposalPrompt } from './prompt.js';
import { SYSTEM_TEXT } from './system-text.js';
import { taskBlocks } from './task-blocks.js';
import { type PromptName, VISIBILITY, type Visibility } from './visibility.js';

/**
 * The one-call form of every operator; a draft step by step is in `draft-steps.ts`. Where not even the parent's program fits, the prompt asks
 * for a whole program instead of edits: look at `reply`.
 */
export function promptFor(request: ProposalRequest, memory: Memory, settings: PromptSettings): ProposalPrompt {
  const name = nameOf(request, memory);
  const isWhole = VISIBILITY[name].reply === 'program';
  const draft = { name, ...framed(name, request, memory, settings), closing: CLOSINGS[isWhole ? 'program' : 'edits'] };
  if (isWhole) return { reply: 'program', ...assembled({ ...draft, schema: ProgramReply }, settings) };
  const edits = assembled({ ...draft, schema: EditsReply }, settings);
  if (!edits.trimmed.includes('program')) return { reply: 'edits', ...edits };
  const most = Math.floor(OUTLINE_SHARE * settings.contextTokens);
  const varying = draft.varying.map((block) => (block.name === 'program' ? { ...block, most } : block));
  const closing = `${WHOLE_INSTEAD} ${CLOSINGS.program}`;
  return { reply: 'program', ...assembled({ ...draft, varying, schema: ProgramReply, closing }, settings) };
}

/** What an outline may take of the context when the whole program is too long, so that the rest is seen too. */
const OUTLINE_SHARE = 0.25;
const WHOLE_INSTEAD =
  'The program is too long to be shown whole, so edits are not possible: answer with a complete program instead.';

/** A failed parent is debugged, whatever else; a stalled branch is asked for a bigger step. */
export function nameOf({ operator, variant = 'tune' }: ProposalRequest, { branch }: Memory): PromptName {
  if (operator !== 'improve') return operator;
  return branch?.stalled ? 'improve-plateau' : `improve-${variant}`;
}

/** All blocks that the table allows for this prompt, and the text of its operator. */
export function framed(
  name: PromptName,
  request: ProposalRequest,
  memory: Memory,
  { countTokens }: PromptSettings,
): Pick<Draft<unknown>, 'system' | 'stable' | 'task' | 'varying'> {
  const sight: Visibility = VISIBILITY[name];
  return {
    system: SYSTEM_TEXT,
    stable: taskBlocks(request, sight, countTokens),
    task: OPERATOR_TEXT[name],
    varying: varyingBlocks(request, memory, sight, countTokens),
  };
}

function varyingBlocks(
  request: ProposalRequest,
  memory: Memory,
  sight: Visibility,
  count: PromptSettings['countTokens'],
): readonly Block[] {
  const { parent } = request;
  const remembers = (kind: Visibility['memory'][number]): boolean => sight.memory.includes(kind);
  return [
    knowledgeBlock(request, sight, count),
    ...(sight.lessons ? [lessonsBlock(memory, count)] : []),
    ...(sight.history === 'branch' ? [branchBlock(memory, count)] : []),
    ...(sight.history ? [pathBlock(memory, count)] : []),
    ...(remembers('best') ? [bestBlock(request, count)] : []),
    ...(remembers('similar') ? [similarBlock(memory, count)] : []),
    ...(remembers('fixes') ? [fixesBlock(memory, count)] : []),
    ...(sight.siblings ? [siblingsBlock(request, count)] : []),
    ...referenceBlocks(referencesOf(request), sight, count),
    ...(parent ? parentBlocks(parent, sight, count) : []),
    hintsBlock(request, count),
    plainBlock('now', nowText(request, sight)),
  ];
}

/** A second fusion of the same program takes the next partner: rotated by the number of fusions tried. */
function referencesOf({ operator, references, siblings }: ProposalRequest): ProposalRequest['references'] {
  if (operator !== 'fuse' || references.length === 0) return references;
  const first = siblings.filter((sibling) => sibling.operator === 'fuse').length % references.length;
  return [...references.slice(first), ...references.slice(0, first)];
}

const CLOSINGS = {
  program:
    'Check the program against the contract, point by point, before you answer with the plan and the complete program.',
  edits:
    'Check the changed program against the contract, point by point, before you answer with the plan, the changes and the edits.',
} as const;
