/** Every number of the search, with its default and the reason for it. */
import { z } from 'zod';

export const PolicyName = z.enum([
  'mcgs',
  'mcgs-paper',
  'mcts',
  'top-k',
  'greedy',
  'aira-mcts',
  'aira-evolutionary',
  'star',
  'draft-only',
]);
export type PolicyName = z.infer<typeof PolicyName>;

/**
 * Published settings of one policy: `mcgs-paper` knows `paper` (AutoMLGen) and `successor` (MLEvolve), `greedy` knows `aide-default` and
 * `aide-mlebench`, the two of AIRA know `paper` and `released`. The one named first is the default; a preset of another policy is ignored.
 */
export const PolicyPreset = z.enum(['paper', 'successor', 'released', 'aide-default', 'aide-mlebench']);
export type PolicyPreset = z.infer<typeof PolicyPreset>;

/** MLE-STAR's schedule (arXiv 2506.15692, table of hyper-parameters); numbers left out are the paper's. */
export const StarSchedule = z.object({
  models: z.number().int().positive().optional().describe('M: first programs of each solution (default 4).'),
  outer: z.number().int().nonnegative().optional().describe('T: ablations of each solution (default 4).'),
  inner: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('K: plans tried on the block that an ablation names (default 4).'),
  solutions: z.number().int().positive().optional().describe('L: solutions built side by side (default 2).'),
  ensembles: z.number().int().nonnegative().optional().describe('R: ensembles of the solutions (default 5).'),
  mergeAll: z
    .boolean()
    .optional()
    .describe('Go on merging after a merge that did not pay (default false; true with the preset released).'),
});
export type StarSchedule = z.infer<typeof StarSchedule>;

export const SearchConfig = z.object({
  policy: PolicyName.default('mcgs').describe('How the next program is chosen.'),
  preset: PolicyPreset.optional().describe(
    'Published settings of the policy. mcgs-paper: paper (default), successor. greedy: aide-default, aide-mlebench (without one: the numbers below). aira-mcts, aira-evolutionary, star: paper (default), released.',
  ),
  seed: z.number().int().nonnegative().default(1).describe('Seed of every random stream of the search.'),
  slots: z.number().int().positive().default(2).describe('Programs that run at the same time.'),
  budgetMs: z
    .number()
    .positive()
    .default(300_000)
    .describe('Wall time of the whole run, milliseconds, from its start to its results.'),
  executions: z
    .number()
    .int()
    .positive()
    .default(100_000)
    .describe('Most executions; a node is one, however many folds it runs.'),
  reserveShare: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.15)
    .describe('Share of the budget kept for the final choice, refit and packaging.'),
  runSecondsCap: z
    .number()
    .positive()
    .default(3600)
    .describe('Upper limit of one program, seconds; the search lowers it to an eighth of its budget.'),
  proposalsAhead: z
    .union([z.literal('auto'), z.number().int().nonnegative()])
    .default(1)
    .describe(
      'Proposals made or waiting beyond the free slots. With 0 a slot idles while its next program is written; more are decided on older news. auto: by the times that proposals and programs take, none where proposals are quick, at most 16.',
    ),
  drafts: z
    .union([z.literal('auto'), z.number().int().positive()])
    .default('auto')
    .describe(
      'First programs before deepening: 5 up to 40 expected nodes, 8 at 100, 20 from 300 on, never above a quarter of them.',
    ),
  exploration: z.number().nonnegative().default(0.1).describe('C of the exploration term.'),
  beatsZ: z
    .number()
    .nonnegative()
    .default(0.5)
    .describe('Paired standard errors by which a difference must exceed zero to count as better.'),
  debugDepth: z
    .number()
    .int()
    .nonnegative()
    .default(3)
    .describe('Debug steps in a row before a failed subtree is closed.'),
  rejectionsPerParent: z
    .number()
    .int()
    .positive()
    .default(3)
    .describe('Rejected proposals after which a parent counts as closed for the operator.'),
  stagnationBranch: z
    .number()
    .int()
    .positive()
    .default(3)
    .describe(
      'Least number of valid nodes without progress after which a branch is stagnant (2 % of the expected nodes if more).',
    ),
  stagnationGlobal: z
    .number()
    .int()
    .positive()
    .default(6)
    .describe(
      'Least number of nodes without a new best after which the run is stagnant (5 % of the expected nodes if more).',
    ),
  aggregations: z.number().int().nonnegative().default(2).describe('Most aggregate nodes in a run.'),
  evolve: z.boolean().default(true).describe('Allow evolve.'),
  fuse: z.boolean().default(true).describe('Allow fuse.'),
  aggregate: z.boolean().default(true).describe('Allow aggregate.'),
  fuseBlind: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      'Policy mcgs: share of fusions without a measured partner, in stagnant branches of the second half (default 0.3).',
    ),
  greedyDrafts: z.number().int().positive().default(5).describe('Policy greedy: drafts before improving.'),
  greedyDebugProbability: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Policy greedy: chance to debug when a failed leaf exists.'),
  paperChains: z
    .boolean()
    .optional()
    .describe(
      'Policy mcgs-paper: deepen the newest program until four tries fail (default true), or one program at a time.',
    ),
  paperElite: z
    .boolean()
    .optional()
    .describe(
      'Policy mcgs-paper: from half-time on more and more picks from the elite instead of the tree (default true).',
    ),
  paperDecay: z
    .boolean()
    .optional()
    .describe('Policy mcgs-paper: C falls from 1.414 to 0.5 (default false; true with the preset successor).'),
  paperForced: z
    .boolean()
    .optional()
    .describe(
      'Policy mcgs-paper: chains may be cut short from 0.4 of the budget on (default false; true with the preset successor).',
    ),
  star: StarSchedule.optional().describe('Policy star: the numbers of its schedule.'),
  islands: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('Policy aira-evolutionary: populations side by side (default 1).'),
  migration: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      'Policy aira-evolutionary: chance, after each generation, to restart the weaker half of the islands (default 0).',
    ),
});
export type SearchConfig = z.infer<typeof SearchConfig>;
