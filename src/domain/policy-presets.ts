/** Which published settings each policy knows. */
import type { PolicyName, PolicyPreset } from './search-config.js';

/** The first of a policy is what it does without one, except for `greedy`, whose numbers then come from the configuration. */
export const POLICY_PRESETS: Readonly<Record<PolicyName, readonly PolicyPreset[]>> = {
  mcgs: [],
  'mcgs-paper': ['paper', 'successor'],
  mcts: [],
  'top-k': [],
  greedy: ['aide-default', 'aide-mlebench'],
  'aira-mcts': ['paper', 'released'],
  'aira-evolutionary': ['paper', 'released'],
  star: ['paper', 'released'],
  'draft-only': [],
};
