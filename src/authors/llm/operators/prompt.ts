/** A prompt as data: static parts first, so that providers can cache the prefix that all prompts of one operator and run share. */
import type { z } from 'zod';
import type { KnownProgram, ProposalRequest } from '../../port.js';
import type { ModelMessage } from '../model.js';
import type { EditsReply, ProgramReply } from '../replies.js';

export interface Prompt<T = unknown> {
  /** `draft`, `improve-tune`, `review` …: also the name of the reply's schema. */
  readonly name: string;
  readonly messages: readonly ModelMessage[];
  readonly schema: z.ZodType<T>;
  readonly maxOutputTokens: number;
  /** Characters of the messages, joined, that are the same for every node of the run. */
  readonly stablePrefix: number;
  /** Names of the blocks that were shortened or left out to fit, in that order; for the ledger. */
  readonly trimmed: readonly string[];
}

export interface PromptSettings {
  /** What the model takes in and gives out together. Asked again after the server said `context`: smaller. */
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  /** From `loadTokenCounter()`; exact for OpenAI's models, an estimate for all others. */
  readonly countTokens: (text: string) => number;
}

/** What the first prompt of a proposal asks for: a whole program, or edits of `request.parent.program`. */
export type ProposalPrompt =
  | (Prompt<ProgramReply> & { readonly reply: 'program' })
  | (Prompt<EditsReply> & { readonly reply: 'edits' });

/** A request whose operator works on a program. */
export type WithParent = ProposalRequest & { readonly parent: KnownProgram };
