/** Everything a run can be told, apart from the task itself. */
import { z } from 'zod';
import { ExecutionLimits } from './execution-spec.js';
import { ModelPrices } from './model-price.js';
import { Part } from './part.js';
import { SearchConfig } from './search-config.js';

export const ModelSettings = z.object({
  name: z.string().min(1).describe('Name of the model, as its server knows it.'),
  reviewer: z.string().min(1).optional().describe('Another model for reviews; absent: the same.'),
  review: z.boolean().default(true).describe('Let the model look at each program before it runs.'),
  usageGate: z
    .boolean()
    .default(false)
    .describe('Ask after each draft whether it uses all data that matter; always asked with the policy star.'),
  draft: z.enum(['single', 'stepwise']).default('single').describe('Drafts in one call, or part by part and merged.'),
  contextTokens: z
    .number()
    .int()
    .positive()
    .default(64_000)
    .describe('Longest prompt and reply together, tokens; prompts are trimmed to it.'),
  maxOutputTokens: z.number().int().positive().default(16_000).describe('Longest reply, tokens, reasoning included.'),
  temperature: z.number().min(0).max(2).optional().describe('Absent: the server decides.'),
  reasoningEffort: z.enum(['low', 'medium', 'high']).optional().describe('Absent: the server decides.'),
  server: z
    .url()
    .optional()
    .describe(
      'Base URL of a server other than OpenAI’s; absent: what OPENAI_BASE_URL of the worker says. Never a secret.',
    ),
  api: z
    .enum(['responses', 'chat'])
    .optional()
    .describe('Absent: responses for OpenAI, chat with a server of its own.'),
});
export type ModelSettings = z.infer<typeof ModelSettings>;

/** Absent: no cap. */
export const Caps = z.object({
  usd: z.number().nonnegative().optional().describe('US dollars.'),
  tokens: z.number().int().nonnegative().optional().describe('Tokens in and out.'),
  calls: z.number().int().nonnegative().optional().describe('Model calls.'),
});
export type Caps = z.infer<typeof Caps>;

export const RunConfig = z.object({
  search: SearchConfig,
  author: z
    .enum(['composer', 'llm', 'mixed'])
    .default('composer')
    .describe('Who writes the programs: mixed drafts with the composer and lets the model build on it.'),
  model: ModelSettings.optional().describe('The language model; absent for the composer.'),
  caps: Caps.default({}).describe('What model calls may cost in this run, checked before each call.'),
  prices: ModelPrices.default({}).describe(
    'US dollars per million tokens by model, fixed when the run begins; a model that is not named costs what the price table says.',
  ),
  limits: ExecutionLimits.omit({ runSeconds: true }).describe('What one program may use.'),
  executionClass: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,29}[a-z0-9])?$/)
    .optional()
    .describe('Class of machines that programs run on: their task queue is execute-<class>. Absent: cpu.'),
  splitSeed: z.number().int().nonnegative().default(1).describe('Seed of the frozen split.'),
  mode: z.enum(['auto', 'holdout', 'folds']).default('auto').describe('How programs are scored.'),
  knowledgeProbability: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .describe('Chance that a proposal is given knowledge, so that its effect can be told.'),
  lessons: z
    .boolean()
    .default(true)
    .describe(
      'Whether earlier runs on tasks of the same kind may inform this one, and this one later ones; never in practice and suites.',
    ),
  without: Part.optional().describe('Part of the system that this run does without, to measure what it is worth.'),
  requireSandbox: z.boolean().default(false).describe('Refuse to run programs without a full sandbox.'),
  resultsFolder: z.string().describe('Absolute folder that receives the results.'),
  continueAsNewEvents: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('History events after which the run continues as new; for tests. Absent: when the server suggests it.'),
});
export type RunConfig = z.infer<typeof RunConfig>;
