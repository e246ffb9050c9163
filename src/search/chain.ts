/**
 * AutoMLGen's rollout (arXiv 2510.08511, section 3.3; numbers as released by MLEvolve): whoever made a program goes on from it, from the
 * newest one even when it is worse, until four tries against the same best have failed or three repairs in a row. Only then is a reward
 * backed up. A chain is read off the finished nodes: its next link is the first child of its last one. Nobody owns it, nothing can be lost.
 */
import type { NodeId } from '../domain/ids.js';
import type { SearchNode } from '../domain/node.js';
import { memory } from './carried.js';
import { type DoneBy, isCutShort } from './forced.js';
import { childrenOf, graphOf, numberOf } from './graph.js';
import { placeOf } from './index-graph.js';
import { beats, pairedAgainst } from './is-better.js';
import type { Reservation, SearchState } from './state.js';

/** Tries without progress that are forgiven; the next one is the last. */
const FORGIVEN = 3;
/** Nodes just before one that say whether it is hot, see `forced.ts`. */
const RECENT_NODES = 4;
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

/** All links of the finished nodes. */
export interface Links {
  /** By place in the graph. */
  readonly of: readonly (Link | undefined)[];
  /** The newest link of each chain that is not over, by chain. */
  readonly open: ReadonlyMap<NodeId, Link>;
}

interface Book extends Links {
  readonly of: (Link | undefined)[];
  readonly open: Map<NodeId, Link>;
  readonly rules: ChainRules;
  /** Everything that the verdicts rest on besides the nodes. */
  readonly grounds: string;
}

const books = memory<Book>((book, node, after) => {
  if (book.grounds !== groundsOf(after, book.rules)) return undefined;
  const graph = graphOf(after);
  const { finished, seconds, branches } = graph;
  const done = { seconds, nodes: finished.length, inBranch: branches.get(node.branch)?.length ?? 0 };
  const recent = finished.slice(-1 - RECENT_NODES, -1);
  const of = book.of.toSpliced(placeOf(graph, node.id), 0, undefined);
  return linked({ ...book, of, open: new Map(book.open) }, after, node, { ...done, recent });
});

/** The link that every finished node is. A verdict rests on nodes that finished before, never on later ones. */
export function linksOf(state: SearchState, rules: ChainRules): Links {
  const grounds = groundsOf(state, rules);
  const known = books.of(state);
  if (known?.grounds === grounds) return known;
  const { finished } = graphOf(state);
  const book: Book = { of: finished.map(() => undefined), open: new Map(), rules, grounds };
  const inBranch = new Map<NodeId, number>();
  let seconds = 0;
  for (const [place, node] of finished.entries()) {
    seconds += node.cost.seconds;
    inBranch.set(node.branch, (inBranch.get(node.branch) ?? 0) + 1);
    const done = { seconds, nodes: place + 1, inBranch: inBranch.get(node.branch) ?? 0 };
    linked(book, state, node, { ...done, recent: finished.slice(Math.max(0, place - RECENT_NODES), place) });
  }
  return books.keep(state, book);
}

/** True when anything was made of the node, or is on its way: its chain is carried on by the first of these. */
export function isContinued(state: SearchState, id: NodeId): boolean {
  return firstChild(state, id) !== undefined;
}

/** The child with the smallest number, finished or in flight. */
function firstChild(state: SearchState, id: NodeId): NodeId | undefined {
  let first = childrenOf(graphOf(state), id)[0]?.id;
  for (const { parent, nodeId } of state.reservations) {
    if (parent === id && (first === undefined || numberOf(nodeId) < numberOf(first))) first = nodeId;
  }
  return first;
}

/** Work in flight that was overtaken by a younger sibling counts: once it is gone, that sibling is the first. */
function groundsOf(state: SearchState, { chains, forced }: ChainRules): string {
  const { config, steering, streams, reservations } = state;
  const isOvertaken = ({ parent }: Reservation) => parent !== 'root' && childrenOf(graphOf(state), parent).length > 0;
  const overtaken = reservations.filter(
    (work) => isOvertaken(work) && firstChild(state, work.parent as NodeId) === work.nodeId,
  );
  const cuts = [config.budgetMs, config.reserveShare, config.executions, steering.slots, streams.noise[0]];
  const ids = overtaken.map(({ nodeId }) => nodeId);
  return JSON.stringify([chains, config.beatsZ, ids, forced ? cuts : []]);
}

/** Enters the next node in the order of finishing. */
function linked(book: Book, state: SearchState, node: SearchNode, done: DoneBy): Book {
  const graph = graphOf(state);
  const above = book.of[placeOf(graph, node.parent)];
  const goesOn = above?.verdict === 'continues' && firstChild(state, above.node.id) === node.id;
  const before = goesOn ? above : { chain: node.id, tries: 0 };
  const link = linkAfter(node, before, state.config.beatsZ);
  const isFree = book.rules.chains && !(book.rules.forced && isCutShort(state, node, done));
  const verdict = link.verdict === 'terminal' || isFree ? link.verdict : 'ends';
  book.of[placeOf(graph, node.id)] = { ...link, verdict };
  if (verdict === 'continues') book.open.set(link.chain, { ...link, verdict });
  else book.open.delete(link.chain);
  return book;
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
