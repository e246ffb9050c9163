/** The gate after a draft: MLE-STAR's data usage checker (arXiv 2506.15692, section 3.4). */
import type { ProposalRequest } from '../../port.js';
import { UsageReply } from '../replies.js';
import { assembled } from './assemble.js';
import { plainBlock } from './block.js';
import { hintsBlock } from './memory-blocks.js';
import { limitText } from './now-text.js';
import { OPERATOR_TEXT } from './operator-text.js';
import { programBlock } from './program-blocks.js';
import type { Prompt, PromptSettings } from './prompt.js';
import { SYSTEM_TEXT } from './system-text.js';
import { taskBlocks } from './task-blocks.js';
import { VISIBILITY } from './visibility.js';

/** `program` is the draft as it would be run. Where `trimmed` names it, the model would not see all of it: do not ask then. */
export function usagePrompt(request: ProposalRequest, program: string, settings: PromptSettings): Prompt<UsageReply> {
  const { countTokens } = settings;
  return assembled(
    {
      name: 'usage',
      schema: UsageReply,
      system: SYSTEM_TEXT,
      stable: taskBlocks(request, VISIBILITY.usage, countTokens),
      task: OPERATOR_TEXT.usage,
      varying: [
        programBlock(program, 'whole', '# The program at hand', countTokens),
        hintsBlock(request, countTokens),
        plainBlock('now', limitText(request)),
      ],
      closing: 'Now answer with the usage and, with `improved` only, what was unused and the edits or the program.',
    },
    settings,
  );
}
