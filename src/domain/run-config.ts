/** Everything a run can be told, apart from the task itself. */
import { z } from 'zod';
import { ExecutionLimits } from './execution-spec.js';
import { SearchConfig } from './search-config.js';

export const RunConfig = z.object({
  search: SearchConfig,
  author: z.enum(['composer']).default('composer').describe('Who writes the programs.'),
  limits: ExecutionLimits.omit({ runSeconds: true }).describe('What one program may use.'),
  splitSeed: z.number().int().nonnegative().default(1).describe('Seed of the frozen split.'),
  mode: z.enum(['auto', 'holdout', 'folds']).default('auto').describe('How programs are scored.'),
  knowledgeProbability: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .describe('Chance that a proposal is given knowledge, so that its effect can be told.'),
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
