/**
 * Monte Carlo tree search: `mcgs` with an empty E_ref. Same drafts, same walk with the expand-here arm, same values and backup; nothing is
 * evolved, fused or aggregated, so no node learns from another than its parent. The difference to `mcgs` is what the graph is worth.
 *
 * Guaranteed: no reference is ever recorded, and the root has drafts as its only children. Usual formulation: Kocsis and Szepesvári,
 * Bandit based Monte-Carlo planning (ECML 2006); for programs ML-Master (arXiv 2506.16499).
 */
import { mcgs } from './mcgs.js';
import type { SearchPolicy } from './policy.js';

export const mcts: SearchPolicy = {
  name: 'mcts',
  choose: (state) =>
    mcgs.choose({ ...state, config: { ...state.config, evolve: false, fuse: false, aggregate: false } }),
};
