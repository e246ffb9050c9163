/** The tree of finished nodes, indexed. Nothing here scores, counts or chooses. */
import type { NodeId } from '../domain/ids.js';
import type { ParentId, SearchNode } from '../domain/node.js';
import type { Operator } from '../domain/operator.js';
import type { Reservation, SearchState } from './state.js';

export interface Graph {
  /** In the order of their numbers; a parent always comes before its children. */
  readonly nodes: readonly SearchNode[];
  /** Children over primary edges, in the order of their numbers. */
  readonly children: ReadonlyMap<ParentId, readonly SearchNode[]>;
  /** Nodes by branch, in the order of finishing. */
  readonly branches: ReadonlyMap<NodeId, readonly SearchNode[]>;
  /** In the order of finishing. */
  readonly finished: readonly SearchNode[];
  /** Seconds of all nodes together. */
  readonly seconds: number;
  readonly operators: Readonly<Record<Operator, number>>;
}

const graphs = new WeakMap<SearchState['nodes'], Graph>();
const NONE: readonly SearchNode[] = [];

/** The index of a state's finished nodes, built once for each set of nodes. */
export function graphOf(state: Pick<SearchState, 'nodes'>): Graph {
  const known = graphs.get(state.nodes);
  if (known) return known;
  const nodes = sortedBy(Object.values(state.nodes), (node) => numberOf(node.id));
  const finished = [...nodes].sort((a, b) => a.ordinal - b.ordinal);
  const graph = {
    nodes,
    finished,
    seconds: finished.reduce((sum, node) => sum + node.cost.seconds, 0),
    operators: countOperators(nodes),
    children: groupBy(nodes, (node) => node.parent),
    branches: groupBy(finished, (node) => node.branch),
  };
  graphs.set(state.nodes, graph);
  return graph;
}

export function childrenOf(graph: Graph, parent: ParentId): readonly SearchNode[] {
  return graph.children.get(parent) ?? NONE;
}

/** The node, or nothing when it has not finished. Safe for names that came from outside. */
export function nodeOf(state: Pick<SearchState, 'nodes'>, id: ParentId): SearchNode | undefined {
  return id !== 'root' && Object.hasOwn(state.nodes, id) ? state.nodes[id] : undefined;
}

/** From the parent of `id` up to the head of its branch, nearest first. */
export function ancestorsOf(state: Pick<SearchState, 'nodes'>, id: ParentId): readonly SearchNode[] {
  const path: SearchNode[] = [];
  let parent = nodeOf(state, id)?.parent ?? 'root';
  for (let node = nodeOf(state, parent); node; node = nodeOf(state, parent)) {
    path.push(node);
    parent = node.parent;
  }
  return path;
}

export function reservationOf(state: Pick<SearchState, 'reservations'>, id: NodeId): Reservation | undefined {
  return state.reservations.find((reservation) => reservation.nodeId === id);
}

/** Children of `parent`, finished or in flight, in the order in which they were decided. */
export function siblingsOf(state: SearchState, parent: ParentId): readonly NodeId[] {
  const finished = childrenOf(graphOf(state), parent).map((node) => node.id);
  const inFlight = state.reservations.filter((reservation) => reservation.parent === parent);
  return [...finished, ...inFlight.map((reservation) => reservation.nodeId)].sort((a, b) => numberOf(a) - numberOf(b));
}

/** `n17` is 17. */
export function numberOf(id: NodeId): number {
  return Number(id.slice(1));
}

/** The name of node number `count`. `domain/ids.ts` builds the same one, behind a parser that this room does not load. */
export function nodeNamed(count: number): NodeId {
  return `n${count}` as NodeId;
}

/** Order of decision: the tie-breaker of every comparison. */
export function byNumber(a: Pick<SearchNode, 'id'>, b: Pick<SearchNode, 'id'>): number {
  return numberOf(a.id) - numberOf(b.id);
}

function countOperators(nodes: readonly SearchNode[]): Record<Operator, number> {
  const counts = { draft: 0, improve: 0, debug: 0, evolve: 0, fuse: 0, aggregate: 0 };
  for (const { operator } of nodes) counts[operator] += 1;
  return counts;
}

/** Smallest key first; each key is computed once. Equal keys keep their order. */
export function sortedBy(nodes: readonly SearchNode[], keyOf: (node: SearchNode) => number): readonly SearchNode[] {
  return nodes
    .map((node) => ({ node, key: keyOf(node) }))
    .sort((a, b) => a.key - b.key)
    .map(({ node }) => node);
}

function groupBy<K>(nodes: readonly SearchNode[], key: (node: SearchNode) => K): Map<K, SearchNode[]> {
  const groups = new Map<K, SearchNode[]>();
  for (const node of nodes) {
    const group = groups.get(key(node));
    if (group) group.push(node);
    else groups.set(key(node), [node]);
  }
  return groups;
}
