/** Numbers and rules of `mcgs` that were open, each as a contestant: what the defaults were chosen among. */

import { backup, inFlight } from '../backup.js';
import { canDebug, canImprove, openVariants } from '../closed.js';
import { debugSome } from '../debug-leaf.js';
import { descend } from '../descend.js';
import { wantsDraft } from '../drafts.js';
import { childrenOf, graphOf } from '../graph.js';
import { moveAt } from '../operators.js';
import { mcgs } from '../policies/mcgs.js';
import type { SearchPolicy } from '../policies/policy.js';
import { draw } from '../random.js';
import type { SearchState } from '../state.js';
import { downArm } from '../uct.js';
import type { Contestant } from './contestants.js';

export interface Variant extends Contestant {
  /** For people: what is different. */
  readonly what: string;
  /** Clear on the tuning half in some profile, or nearest to it: played again on the other. */
  readonly confirm?: true;
}

/** A walk that ends at the first node with fewer than `limit` children, in place of the expand-here arm. */
function childLimit(limit: number): SearchPolicy {
  return {
    name: 'mcgs',
    choose(state) {
      if (wantsDraft(state)) return mcgs.choose(state);
      const graph = graphOf(state);
      const counts = { statistics: backup(state), inFlight: inFlight(state), c: state.config.exploration };
      const selection = descend(state, 'root', {
        mayExpand: (node) =>
          canDebug(state, node) || (canImprove(state, node) && childrenOf(graph, node.id).length < limit),
        armOf: (parent, child) => downArm(counts, parent, child),
      });
      return (selection && moveAt(state, selection)) ?? mcgs.choose(state);
    },
  };
}

/** Failed leaves are repaired with a fixed chance, as AIDE does it, before the walk begins. */
const repairsFirst: SearchPolicy = {
  name: 'mcgs',
  choose: (state) =>
    (wantsDraft(state) ? undefined : debugSome(state, 0.5, state.config.debugDepth)) ?? mcgs.choose(state),
};

/** Variants of `improve` by even odds. */
const evenOdds: SearchPolicy = {
  name: 'mcgs',
  choose(state) {
    const move = mcgs.choose(state);
    if (move?.operator !== 'improve' || move.parent === 'root') return move;
    const variant = anyVariant(state, openVariants(state, move.parent));
    return variant ? { ...move, variant } : move;
  },
};

function anyVariant<T>({ streams }: SearchState, variants: readonly T[]): T | undefined {
  return variants[Math.floor(draw(streams.operator, 1) * variants.length)];
}

export const VARIANTS: readonly Variant[] = [
  { name: 'C 0.05', what: 'C = 0.05 (0.1)', options: { exploration: 0.05 } },
  { name: 'C 0.2', what: 'C = 0.2 (0.1)', options: { exploration: 0.2 } },
  { name: 'drafts 5', what: '5 drafts (auto)', options: { drafts: 5 } },
  { name: 'drafts 15', what: '15 drafts (auto)', options: { drafts: 15 } },
  { name: 'window 6', what: 'a branch is stagnant after 6 nodes (3)', options: { stagnationBranch: 6 } },
  { name: 'window 12', what: 'a search is stagnant after 12 nodes (6)', options: { stagnationGlobal: 12 } },
  { name: 'no evolve', what: 'no evolve', options: { evolve: false } },
  { name: 'no aggregate', what: 'no aggregate', options: { aggregate: false }, confirm: true },
  { name: 'blind 0', what: 'no blind fusion (3 in 10)', options: { fuseBlind: 0 }, confirm: true },
  { name: 'blind 0.6', what: 'blind fusion for 6 in 10 (3)', options: { fuseBlind: 0.6 } },
  { name: 'z 0', what: 'z = 0 (0.5)', options: { beatsZ: 0 } },
  { name: 'z 1', what: 'z = 1 (0.5)', options: { beatsZ: 1 } },
  { name: 'even odds', what: 'improve variants by even odds (bandit)', options: {}, policy: evenOdds },
  { name: 'no debug', what: 'no repairs', options: { debugDepth: 0 } },
  {
    name: 'repairs',
    what: 'repairs first, with chance 0.5 (by the walk)',
    options: {},
    policy: repairsFirst,
    confirm: true,
  },
  { name: 'ahead 0', what: 'no proposal ahead (1)', options: { proposalsAhead: 0 }, confirm: true },
  { name: 'ahead 2', what: '2 proposals ahead (1)', options: { proposalsAhead: 2 }, confirm: true },
  { name: 'limit 3', what: 'at most 3 children (expand-here arm)', options: {}, policy: childLimit(3), confirm: true },
];
