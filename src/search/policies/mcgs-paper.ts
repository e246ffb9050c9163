/**
 * Monte Carlo Graph Search as published: AutoMLGen (arXiv 2510.08511, section 3.3 and table 4), and with the preset `successor` MLEvolve
 * (arXiv 2606.06473). A free slot carries the oldest unfinished chain on; without one it drafts until there are five branches, and then
 * returns to the tree by UCT, or from half-time on, with growing probability, to one of the elite. Rewards are −1, +1 and +2 on the best of
 * the branch, values are means, C is 1.414, an unvisited child comes before all others; a failed node has one child, a healthy one three,
 * one of the elite ten.
 *
 * Guaranteed: a node is made from the newest link of a chain that is not over, or the tree holds no such chain; each chain is backed up
 * once, by its last node; locks are reservations, so none outlives its work; no subtree without an open place is entered.
 */
import type { ParentId, SearchNode } from '../../domain/node.js';
import { inFlight, inFlightOf } from '../backup.js';
import { progress } from '../budget.js';
import { LAST_DEPTH } from '../chain.js';
import { expandable } from '../closed.js';
import { descend } from '../descend.js';
import { canDraft, draftCount, mayDraftMore } from '../drafts.js';
import { eliteAt, pickByRank, treeShare } from '../elite-switch.js';
import { explorationAt } from '../exploration.js';
import { childrenOf, graphOf } from '../graph.js';
import { meanBackup } from '../mean-backup.js';
import { draftMove, type Move } from '../move.js';
import { aggregate } from '../operators.js';
import { ELITE_THETA, publishedMove, THETA } from '../published-operators.js';
import { draw } from '../random.js';
import { type Chains, chainsOf } from '../rollout.js';
import type { SearchState } from '../state.js';
import { meanArm } from '../uct.js';
import type { SearchPolicy } from './policy.js';

const DRAFTS = 5;
const CHILDREN = 3;
const ELITE_CHILDREN = 10;
/** τ_global: nodes without a new best after which branches are aggregated. */
const GLOBAL_WINDOW = 6;

export const mcgsPaper: SearchPolicy = {
  name: 'mcgs-paper',
  choose(state) {
    const canExpand = expandable(state, LAST_DEPTH);
    const chains = chainsOf(state, chainRules(state), canExpand);
    const isOpen = (node: SearchNode) => !chains.isTerminal(node) && canExpand(node);
    if (chains.next) return publishedMove(state, { node: chains.next, path: [] }, THETA);
    if (canDraft(state) && draftCount(state) < DRAFTS) return draftMove('fewer drafts than wanted');
    const move =
      fromElite(state, chains, isOpen) ?? aggregate(state, GLOBAL_WINDOW) ?? fromTree(state, chains, isOpen, 'root');
    return move ?? (mayDraftMore(state) ? draftMove('no node is open') : undefined);
  },
};

function chainRules({ config }: SearchState) {
  return { chains: config.paperChains ?? true, forced: config.paperForced ?? config.preset === 'successor' };
}

type Rule = (node: SearchNode) => boolean;

/** UCT from `from` to the first node below its child limit whose chain is over. */
function fromTree(state: SearchState, chains: Chains, isOpen: Rule, from: ParentId): Move | undefined {
  const { config } = state;
  const flying = inFlight(state);
  const decays = config.paperDecay ?? config.preset === 'successor';
  const counts = {
    sums: meanBackup(state, chains.rewardOf),
    inFlight: flying,
    c: explorationAt(decays ? progress(state) : 0),
  };
  const selection = descend(state, from, {
    mayExpand: (node) => childCount(state, node) < CHILDREN && isOpen(node) && !chains.isUnderWay(node),
    armOf: (parent, child) => meanArm(counts, parent, child),
    isBusy: (branch) => inFlightOf(flying, branch.id).below > 0,
  });
  return selection && publishedMove(state, selection, THETA);
}

/** With probability 1 − w(τ); when the whole elite is full, UCT goes on from the one picked. */
function fromElite(state: SearchState, chains: Chains, isOpen: Rule): Move | undefined {
  const tau = progress(state);
  const chance = draw(state.streams.select, 0);
  if (state.config.paperElite === false || chance < treeShare(tau)) return undefined;
  const hasRoom = (node: SearchNode) => isOpen(node) && childCount(state, node) < ELITE_CHILDREN;
  const picked = pickByRank(state, eliteAt(state, tau), hasRoom);
  if (!picked) return undefined;
  if (!hasRoom(picked.node)) return fromTree(state, chains, isOpen, picked.node.id);
  const move = publishedMove(state, { node: picked.node, path: [] }, ELITE_THETA);
  return move && { ...move, draws: { ...move.draws, elite: chance, rank: picked.draw } };
}

function childCount(state: SearchState, { id }: SearchNode): number {
  const flying = state.reservations.filter(({ parent }) => parent === id).length;
  return childrenOf(graphOf(state), id).length + flying;
}
