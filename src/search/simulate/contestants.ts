/** Who takes part: policies by their name and options. All of them have the same slots, the same time and the same refusal of duplicates. */
import type { SearchConfig } from '../../domain/search-config.js';
import type { SearchPolicy } from '../policies/policy.js';

export interface Contestant {
  readonly name: string;
  /** What differs from the defaults of the configuration. */
  readonly options: Partial<SearchConfig>;
  /** In place of a policy of the product. */
  readonly policy?: SearchPolicy;
}

/** The one that all others are compared with: AIDE's search, the simplest that is known to be good. */
export const REFERENCE = 'greedy';

export const CONTESTANTS: readonly Contestant[] = [
  { name: 'mcgs', options: { policy: 'mcgs' } },
  { name: 'mcgs-paper', options: { policy: 'mcgs-paper', preset: 'paper' } },
  { name: 'mcgs-paper, successor', options: { policy: 'mcgs-paper', preset: 'successor' } },
  { name: 'mcts', options: { policy: 'mcts' } },
  { name: 'top-k', options: { policy: 'top-k' } },
  { name: REFERENCE, options: { policy: 'greedy', preset: 'aide-default' } },
  { name: 'aira-mcts', options: { policy: 'aira-mcts', preset: 'paper' } },
  { name: 'aira-evolutionary', options: { policy: 'aira-evolutionary', preset: 'paper' } },
  { name: 'draft-only', options: { policy: 'draft-only' } },
];
