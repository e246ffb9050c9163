/** The gate before a program is run, and the repair of a leak that a gate or an audit found. */
import type { ProposalRequest } from '../../port.js';
import { EditsReply, ReviewReply } from '../replies.js';
import { cleaned } from '../views/untrusted.js';
import { assembled } from './assemble.js';
import { dataBlock, listBlock, plainBlock } from './block.js';
import { hintsBlock } from './memory-blocks.js';
import { limitText } from './now-text.js';
import { OPERATOR_TEXT } from './operator-text.js';
import { programBlock } from './program-blocks.js';
import type { Prompt, PromptSettings } from './prompt.js';
import { SYSTEM_TEXT } from './system-text.js';
import { taskBlocks } from './task-blocks.js';
import { VISIBILITY } from './visibility.js';

/**
 * `program` is what would be run; `summary` is its plan in a line; `suspicions` were found on its syntax tree. The reviewer sees no score and
 * no other program.
 */
export function reviewPrompt(
  request: ProposalRequest,
  proposed: { readonly program: string; readonly summary: string; readonly suspicions?: readonly string[] },
  settings: PromptSettings,
): Prompt<ReviewReply> {
  const { countTokens } = settings;
  const plan = { name: 'plan', heading: '', label: 'what the program means to do', kind: 'text', most: 300 } as const;
  const found = { name: 'material', heading: '# Found without running it; may be wrong', label: 'suspicions' } as const;
  const suspicions = (proposed.suspicions ?? []).map((suspicion) => `- ${cleaned(suspicion)}`);
  return assembled(
    {
      name: 'review',
      schema: ReviewReply,
      system: SYSTEM_TEXT,
      stable: taskBlocks(request, VISIBILITY.review, countTokens),
      task: OPERATOR_TEXT.review,
      varying: [
        dataBlock(plan, proposed.summary, countTokens),
        programBlock(proposed.program, 'whole', '# The program to judge', countTokens),
        ...(suspicions.length > 0 ? [listBlock(found, suspicions, countTokens)] : []),
        hintsBlock(request, countTokens),
        plainBlock('now', limitText(request)),
      ],
      closing: 'Now answer with the verdict, the reasons and, with `patch` only, the edits.',
    },
    settings,
  );
}

/** Edits of `program`; `findings` say what leaks, in the words of a reviewer or of the audit. */
export function leakRewritePrompt(
  request: ProposalRequest,
  program: string,
  findings: readonly string[],
  settings: PromptSettings,
): Prompt<EditsReply> {
  const { countTokens } = settings;
  const material = { name: 'material', heading: '# What leaks', label: 'findings' } as const;
  return assembled(
    {
      name: 'leak-rewrite',
      schema: EditsReply,
      system: SYSTEM_TEXT,
      stable: taskBlocks(request, VISIBILITY['leak-rewrite'], countTokens),
      task: OPERATOR_TEXT['leak-rewrite'],
      varying: [
        listBlock(
          material,
          findings.map((finding) => `- ${cleaned(finding)}`),
          countTokens,
        ),
        programBlock(program, 'whole', '# The program at hand', countTokens),
        hintsBlock(request, countTokens),
      ],
      closing: 'Now answer with the plan, the changes and the edits.',
    },
    settings,
  );
}
