/** Prompts whose answers are read by people and by later prompts: why a program ended as it did, and what a branch has taught. */
import { z } from 'zod';

import type { Memory } from '../memory/memory.js';
import { assembled } from './assemble.js';
import type { Prompt, PromptSettings, WithParent } from './prompt.js';
import { framed } from './prompt-for.js';

export const DiagnosisReply = z.object({
  cause: z.string().describe('Root cause of the failure, or what limits the score, in one or two sentences.'),
  line: z.string().describe('The line of the program that it comes from, copied; empty when there is none.'),
  kind: z
    .enum(['idea', 'code', 'resources', 'data', 'none'])
    .describe('Where the cause lies; none when nothing is wrong.'),
  next: z.string().describe('One sentence on what to try.'),
});
export type DiagnosisReply = z.infer<typeof DiagnosisReply>;

export const BranchSummaryReply = z.object({
  paid: z.array(z.string()).describe('Changes that paid, one line each, with the gain.'),
  lost: z.array(z.string()).describe('Changes that did not pay, one line each.'),
  failures: z.array(z.string()).describe('What failed and why, one line each.'),
  untried: z.array(z.string()).describe('At most three directions that nobody took.'),
});
export type BranchSummaryReply = z.infer<typeof BranchSummaryReply>;

/** Why `request.parent` failed or scored as it did. */
export function diagnosePrompt(request: WithParent, memory: Memory, settings: PromptSettings): Prompt<DiagnosisReply> {
  const closing = 'Now answer with the cause, its line, its kind and what to try next.';
  const frame = framed('diagnose', request, memory, settings);
  return assembled({ ...frame, name: 'diagnose', schema: DiagnosisReply, closing }, settings);
}

/** Optional: `memory.branch` alone is a digest of the recorded facts. */
export function branchSummaryPrompt(
  request: WithParent,
  memory: Memory,
  settings: PromptSettings,
): Prompt<BranchSummaryReply> {
  const closing = 'Now answer with what paid, what did not, what failed and what is untried.';
  const frame = framed('branch-summary', request, memory, settings);
  return assembled({ ...frame, name: 'branch-summary', schema: BranchSummaryReply, closing }, settings);
}
