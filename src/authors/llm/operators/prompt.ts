/** A prompt as data: static parts first, so that providers can cache the prefix that all prompts of one operator and run share. */
import type { z } from 'zod';
import type { ModelMessage } from '../model.js';

export interface Prompt {
  /** `draft`, `improve-tune`, `review` …: also the name of the reply's schema. */
  readonly name: string;
  readonly messages: readonly ModelMessage[];
  readonly schema: z.ZodType;
  readonly maxOutputTokens: number;
  /** Characters of the messages, joined, that are the same for every node of the run. */
  readonly stablePrefix: number;
  /** Names of the blocks that were shortened or left out to fit, in that order; for the ledger. */
  readonly trimmed: readonly string[];
}
