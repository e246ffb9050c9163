/** The tree of finished nodes, and who belongs to whom in it. Nothing here chooses. */
import type { NodeId } from '../domain/ids.js';
import type { ParentId, SearchNode } from '../domain/node.js';
import { carryOver, memory } from './carried.js';
import { extendGraph, type Graph, indexGraph, numberOf, placeOf } from './index-graph.js';
import type { Reservation, SearchState } from './state.js';

export { numberOf };

const graphs = memory(extendGraph);

/** The index of a state's finished nodes. */
export function graphOf(state: Pick<SearchState, 'nodes'>): Graph {
  return graphs.of(state) ?? graphs.keep(state, indexGraph(Object.values(state.nodes)));
}

const NONE: readonly SearchNode[] = [];

/** The state with one more finished node: the only way a node joins. A record of thousands is copied four times as fast by its known names. */
export function withNode(state: SearchState, node: SearchNode): SearchState {
  const nodes: Record<NodeId, SearchNode> = {};
  for (const other of graphOf(state).finished) nodes[other.id] = other;
  nodes[node.id] = node;
  const after = { ...state, nodes };
  carryOver(state, after, node);
  return after;
}

export function childrenOf(graph: Graph, parent: ParentId): readonly SearchNode[] {
  return parent === 'root' ? graph.heads : (graph.children[placeOf(graph, parent)] ?? NONE);
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

/** The name of node number `count`. `domain/ids.ts` builds the same one, behind a parser that this room does not load. */
export function nodeNamed(count: number): NodeId {
  return `n${count}` as NodeId;
}

/** Order of decision: the tie-breaker of every comparison. */
export function byNumber(a: Pick<SearchNode, 'id'>, b: Pick<SearchNode, 'id'>): number {
  return numberOf(a.id) - numberOf(b.id);
}
