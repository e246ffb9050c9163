/**
 * AutoMLGen's rollout (arXiv 2510.08511, section 3.3; numbers as released by MLEvolve): whoever made a program goes on from it, from the
 * newest one even when it is worse, until four tries against the same best have failed or three repairs in a row. Only then is a reward
 * backed up. A chain is read off the finished nodes: its next link is the first child of its last one. Nobody owns it, nothing can be lost.
 */
import type { NodeId } from '../domain/ids.js';
import type { SearchNode } from '../domain/node.js';
import { isCutShort } from './forced.js';
import { childrenOf, graphOf, numberOf } from './graph.js';
import { beats, pairedAgainst } from './is-better.js';
import type { SearchState } from './state.js';

/** Tries without progress that are forgiven; the next one is the last. */
const FORGIVEN = 3;
/** Repairs in a row from which on each failure ends its chain. */
const ENDING_DEPTH = 3;
/** Repairs in a row after which nothing more is tried. */
export const LAST_DEPTH = 20;

/** `ends`: the reward is backed up and the node stays open. `terminal`: and it is never expanded. */
export type Verdict = 'continues' | 'ends' | 'terminal';

export interface Link {
  readonly node: SearchNode;
  readonly verdict: Verdict;
  /** The node with which the chain began. */
  readonly chain: NodeId;
  /** The chain's best valid node. */
  readonly best?: SearchNode;
  /** Tries since, without progress against it; repairs do not count. */
  readonly tries: number;
}

export interface ChainRules {
  /** False: every node is a chain of its own. */
  readonly chains: boolean;
  /** Whether chains may be cut short, see `forced.ts`. */
  readonly forced: boolean;
}

/** The link that every finished node is. A verdict rests on nodes that finished before, never on later ones. */
export function linksOf(state: SearchState, rules: ChainRules): ReadonlyMap<NodeId, Link> {
  const links = new Map<NodeId, Link>();
  const continued = firstChildren(state);
  const cut = rules.forced ? isCutShort(state) : () => false;
  for (const node of graphOf(state).finished) {
    const above = node.parent === 'root' ? undefined : links.get(node.parent);
    const goesOn = above?.verdict === 'continues' && continued.get(above.node.id) === node.id;
    const before = goesOn ? above : { chain: node.id, tries: 0 };
    const link = linkAfter(node, before, state.config.beatsZ);
    const verdict = link.verdict === 'terminal' || (rules.chains && !cut(node)) ? link.verdict : 'ends';
    links.set(node.id, { ...link, verdict });
  }
  return links;
}

/** Number-wise first child of every node, finished or in flight: the one that carries its chain on. */
export function firstChildren(state: SearchState): ReadonlyMap<NodeId, NodeId> {
  const first = new Map<NodeId, NodeId>();
  const graph = graphOf(state);
  for (const { id } of graph.nodes) {
    const child = childrenOf(graph, id)[0];
    if (child) first.set(id, child.id);
  }
  for (const { parent, nodeId } of state.reservations) {
    if (parent === 'root') continue;
    const other = first.get(parent);
    if (!other || numberOf(nodeId) < numberOf(other)) first.set(parent, nodeId);
  }
  return first;
}

/** The link that `node` makes of the chain before it. */
function linkAfter(node: SearchNode, { chain, best, tries }: Pick<Link, 'chain' | 'best' | 'tries'>, z: number): Link {
  const kept = { node, chain, ...(best ? { best } : {}), tries };
  if (node.status === 'failed') return { ...kept, verdict: afterFailure(node.debugDepth) };
  if (!best || beats(node, best, pairedAgainst(node, best), z)) {
    return { node, chain, best: node, tries: 0, verdict: 'continues' };
  }
  return { ...kept, tries: tries + 1, verdict: tries < FORGIVEN ? 'continues' : 'terminal' };
}

function afterFailure(debugDepth: number): Verdict {
  if (debugDepth < ENDING_DEPTH) return 'continues';
  return debugDepth < LAST_DEPTH ? 'ends' : 'terminal';
}
