/** What the chains of `chain.ts` mean for the next choice: which is to be carried on, what is backed up, what is closed. */
import type { NodeId } from '../domain/ids.js';
import type { SearchNode } from '../domain/node.js';
import { type ChainRules, isContinued, linksOf } from './chain.js';
import { graphOf } from './graph.js';
import { placeOf } from './index-graph.js';
import { prunedNodes } from './pruned.js';
import type { SearchState } from './state.js';
import { stepRewards } from './step-reward.js';

export interface Chains {
  /** The newest node of the oldest chain that nobody carries on at the moment. */
  readonly next?: SearchNode;
  /** The reward of a node, at its place in the graph, with which a chain ended; nothing for any other. */
  readonly rewardOf: (node: SearchNode, place: number) => number | undefined;
  /** Nothing more is made of it. */
  readonly isTerminal: (node: SearchNode) => boolean;
  /** A link of a chain that is under way: the tree does not widen it now. */
  readonly isUnderWay: (node: SearchNode) => boolean;
}

/** `canExpand` says where any move is left: a chain whose last node has none is over, and is backed up like any other. */
export function chainsOf(state: SearchState, rules: ChainRules, canExpand: (node: SearchNode) => boolean): Chains {
  const links = linksOf(state, rules);
  const pruned = prunedNodes(state);
  const rewards = stepRewards(state);
  const underWay = new Set<NodeId>();
  const given = new Set<NodeId>();
  let next: SearchNode | undefined;
  for (const { node, chain } of links.open.values()) {
    const isTip = !isContinued(state, node.id);
    const isWaiting = isTip && !pruned.has(node.id) && canExpand(node);
    if (isTip && !isWaiting) given.add(node.id);
    else underWay.add(chain);
    if (isWaiting && (!next || node.ordinal < next.ordinal)) next = node;
  }
  const graph = graphOf(state);
  const linkOf = ({ id }: SearchNode) => links.of[placeOf(graph, id)];
  const isLast = (node: SearchNode, place: number) => links.of[place]?.verdict !== 'continues' || given.has(node.id);
  return {
    ...(next ? { next } : {}),
    rewardOf: (node, place) => (isLast(node, place) ? rewards[place] : undefined),
    isTerminal: (node) => linkOf(node)?.verdict === 'terminal',
    isUnderWay: (node) => underWay.has(linkOf(node)?.chain ?? node.id),
  };
}
