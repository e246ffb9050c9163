/** A further turn after a reply that cannot be used: what was said, what was wrong, and the same request once more. */

import type { Memory } from '../memory/memory.js';
import { ProgramReply } from '../replies.js';
import { budgetedView } from '../views/budgeted.js';
import { cleaned, fenced } from '../views/untrusted.js';
import { assembled } from './assemble.js';
import { listBlock } from './block.js';
import type { Prompt, PromptSettings, WithParent } from './prompt.js';
import { framed, nameOf } from './prompt-for.js';

/**
 * Why a reply is asked for again. `problems` are ours, one for each edit, and may quote the reply. `edits`: none was applied. `syntax`: the program
 * does not parse. `duplicate`: another node, named by `problems`, has this program. `gate`: a review rejected it.
 */
export interface Setback {
  readonly kind: 'edits' | 'syntax' | 'duplicate' | 'gate';
  readonly problems: readonly string[];
}

const DEMANDS: Readonly<Record<Setback['kind'], string>> = {
  edits:
    'The edits above do not fit the program, so none was applied. Send all edits again, the right ones too. Copy each `search` exactly from the program shown first, whole lines, and make it long enough to be found once.',
  syntax:
    'The program that results from your reply is not valid Python. Send the whole reply again with that repaired.',
  duplicate:
    'The program that results from your reply exists already, apart from comments and blank lines. Send another one, with a change that can make a difference.',
  gate: 'A review stopped the program that results from your reply. Send the whole reply again without what it objects to.',
};

const QUOTE_TOKENS = 6_000;
const PROBLEM_TOKENS = 1_000;

/** The conversation goes on, so that the first prompt is a cached prefix. `said` is the reply's text as it came. */
export function againTurn<T>(prompt: Prompt<T>, said: string, setback: Setback, settings: PromptSettings): Prompt<T> {
  const { countTokens } = settings;
  const quoted = cleaned(budgetedView(said, 'text', QUOTE_TOKENS, countTokens));
  const problems = setback.problems.map((problem) => `- ${cleaned(problem).replaceAll('\n', '\n  ')}`).join('\n');
  const told = fenced('what was found', budgetedView(problems, 'text', PROBLEM_TOKENS, countTokens));
  return {
    ...prompt,
    name: `${prompt.name}-${setback.kind}`,
    messages: [
      ...prompt.messages,
      { role: 'assistant', content: quoted === '' ? '{}' : quoted },
      { role: 'user', content: [DEMANDS[setback.kind], told].filter((part) => part !== '').join('\n\n') },
    ],
  };
}

/** When edits failed twice: the same operator, answered with a whole program. `problems` are those of the last edits. */
export function rewritePrompt(
  request: WithParent,
  memory: Memory,
  problems: readonly string[],
  settings: PromptSettings,
): Prompt<ProgramReply> {
  const name = nameOf(request, memory);
  const { varying, ...frame } = framed(name, request, memory, settings);
  const heading = '# Why edits of this program failed';
  const shape = { name: 'material', heading, label: 'what was found', most: PROBLEM_TOKENS } as const;
  const found = listBlock(
    shape,
    problems.map((problem) => `- ${problem}`),
    settings.countTokens,
  );
  const closing =
    'Edits have failed. Answer with the plan and the complete program instead, every line of it: what the operator asks for is changed, and all else is taken over as it is.';
  const draft = { ...frame, name: `${name}-rewrite`, schema: ProgramReply, varying: [...varying, found], closing };
  return assembled(draft, settings);
}
