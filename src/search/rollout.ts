/** What the chains of `chain.ts` mean for the next choice: which is to be carried on, what is backed up, what is closed. */
import type { NodeId } from '../domain/ids.js';
import type { SearchNode } from '../domain/node.js';
import { type ChainRules, firstChildren, type Link, linksOf } from './chain.js';
import { graphOf } from './graph.js';
import { prunedNodes } from './pruned.js';
import type { SearchState } from './state.js';
import { stepRewards } from './step-reward.js';

export interface Chains {
  /** The newest node of the oldest chain that nobody carries on at the moment. */
  readonly next?: SearchNode;
  /** Rewards of the nodes with which a chain ended. */
  readonly rewards: ReadonlyMap<NodeId, number>;
  /** Nothing more is made of it. */
  readonly isTerminal: (node: SearchNode) => boolean;
  /** A link of a chain that is under way: the tree does not widen it now. */
  readonly isUnderWay: (node: SearchNode) => boolean;
}

/** `canExpand` says where any move is left: a chain whose last node has none is over, and is backed up like any other. */
export function chainsOf(state: SearchState, rules: ChainRules, canExpand: (node: SearchNode) => boolean): Chains {
  const links = linksOf(state, rules);
  const continued = firstChildren(state);
  const pruned = prunedNodes(state);
  const isTip = ({ node, verdict }: Link) => verdict === 'continues' && !continued.has(node.id);
  const isWaiting = (link: Link) => isTip(link) && !pruned.has(link.node.id) && canExpand(link.node);
  const underWay = new Set<NodeId>();
  const given = stepRewards(state);
  const rewards = new Map<NodeId, number>();
  let next: SearchNode | undefined;
  for (const node of graphOf(state).finished) {
    const link = links.get(node.id);
    if (!link) continue;
    const isLast = link.verdict !== 'continues' || (isTip(link) && !isWaiting(link));
    if (isLast) {
      rewards.set(node.id, given.get(node.id) ?? 0);
      underWay.delete(link.chain);
    } else {
      underWay.add(link.chain);
      if (isWaiting(link)) next ??= node;
    }
  }
  const linkOf = ({ id }: SearchNode) => links.get(id);
  return {
    ...(next ? { next } : {}),
    rewards,
    isTerminal: (node) => linkOf(node)?.verdict === 'terminal',
    isUnderWay: (node) => underWay.has(linkOf(node)?.chain ?? node.id),
  };
}
