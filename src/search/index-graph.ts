/** The index of a graph: built from all its nodes, or from the index without the last one. Both give the same. */
import type { NodeId } from '../domain/ids.js';
import type { ParentId, SearchNode } from '../domain/node.js';
import type { Operator } from '../domain/operator.js';
import { gain, rounded } from './is-better.js';

export interface Graph {
  /** In the order of their numbers; a parent always comes before its children. */
  readonly nodes: readonly SearchNode[];
  /** The number of each of `nodes`, and the place of its parent among them, −1 for the root. */
  readonly numbers: readonly number[];
  readonly above: readonly number[];
  /** `gain` of each of `nodes`; −∞ of those that are not ranked. */
  readonly gains: readonly number[];
  /** Nodes in the subtree of each of `nodes`, and the largest of its gains. */
  readonly visits: readonly number[];
  readonly bests: readonly number[];
  /** Children of the root, and of each of `nodes`, over primary edges, in the order of their numbers. */
  readonly heads: readonly SearchNode[];
  readonly children: readonly (readonly SearchNode[])[];
  /** Nodes by branch, in the order of finishing. */
  readonly branches: ReadonlyMap<NodeId, readonly SearchNode[]>;
  /** In the order of finishing. */
  readonly finished: readonly SearchNode[];
  /** Valid nodes that may be a result, best first, ties in the order of their numbers. */
  readonly ranked: readonly SearchNode[];
  /** The gain of each of `ranked`, rounded. */
  readonly rankedGains: readonly number[];
  /** Failed nodes, in the order of their numbers. */
  readonly failed: readonly SearchNode[];
  /** Seconds of all nodes together. */
  readonly seconds: number;
  /** How many nodes each operator made. */
  readonly operators: Readonly<Record<Operator, number>>;
}

/** `n17` is 17. */
export function numberOf(id: NodeId): number {
  return Number(id.slice(1));
}

export function indexGraph(unordered: readonly SearchNode[]): Graph {
  const nodes = sortedBy(unordered, (node) => numberOf(node.id));
  const finished = sortedBy(nodes, (node) => node.ordinal);
  const ranked = sortedBy(nodes.filter(isCandidate), (node) => -gainOf(node));
  const places = new Map<ParentId, number>(nodes.map(({ id }, place) => [id, place]));
  const above = nodes.map(({ parent }) => places.get(parent) ?? -1);
  const gains = nodes.map(worthOf);
  return {
    nodes,
    numbers: nodes.map((node) => numberOf(node.id)),
    above,
    gains,
    visits: visitsOf(above),
    bests: bestsOf(above, gains),
    heads: nodes.filter(({ parent }) => parent === 'root'),
    children: childrenBy(above, nodes),
    branches: groupBy(finished, (node) => node.branch),
    finished,
    ranked,
    rankedGains: ranked.map(gainOf),
    failed: nodes.filter(hasFailed),
    seconds: secondsOf(finished),
    operators: countOperators(nodes),
  };
}

/** The index with one more node, which has no children yet; mostly it is the last one by either order. */
export function extendGraph(graph: Graph, node: SearchNode): Graph {
  const number = numberOf(node.id);
  const value = worthOf(node);
  const isOlder = (other: SearchNode) => numberOf(other.id) < number;
  const wasEarlier = (other: SearchNode) =>
    other.ordinal < node.ordinal || (other.ordinal === node.ordinal && isOlder(other));
  const place = firstPlace(graph.numbers, (other) => other < number);
  const rank = isCandidate(node) ? rankFor(graph, rounded(value), isOlder) : undefined;
  const finished = joined(graph.finished, node, wasEarlier);
  const above = aboveWith(graph, node.parent, place);
  const branch = graph.branches.get(node.branch);
  return {
    nodes: graph.nodes.toSpliced(place, 0, node),
    numbers: graph.numbers.toSpliced(place, 0, number),
    above,
    gains: graph.gains.toSpliced(place, 0, value),
    visits: raised(above, place, graph.visits.toSpliced(place, 0, 1), (visits) => visits + 1),
    bests: raised(above, place, graph.bests.toSpliced(place, 0, value), (best) => Math.max(best, value)),
    heads: node.parent === 'root' ? joined(graph.heads, node, isOlder) : graph.heads,
    children: childrenWith(graph, above, place, node),
    branches: new Map(graph.branches).set(node.branch, joined(branch, node, wasEarlier)),
    finished,
    ranked: rank === undefined ? graph.ranked : graph.ranked.toSpliced(rank, 0, node),
    rankedGains: rank === undefined ? graph.rankedGains : graph.rankedGains.toSpliced(rank, 0, rounded(value)),
    failed: hasFailed(node) ? joined(graph.failed, node, isOlder) : graph.failed,
    seconds: finished.at(-1) === node ? graph.seconds + node.cost.seconds : secondsOf(finished),
    operators: { ...graph.operators, [node.operator]: graph.operators[node.operator] + 1 },
  };
}

/** The largest of `gains` in every subtree. Places are visited from the last to the first, so a child is complete before it is added. */
export function bestsOf(above: readonly number[], gains: readonly number[]): readonly number[] {
  const bests = [...gains];
  for (let place = bests.length - 1; place >= 0; place -= 1) {
    const parent = above[place] ?? -1;
    if (parent >= 0) bests[parent] = Math.max(bests[parent] ?? 0, bests[place] ?? 0);
  }
  return bests;
}

/** Where a node stands among `nodes`; −1 when it has not finished. */
export function placeOf({ nodes, numbers }: Pick<Graph, 'nodes' | 'numbers'>, id: ParentId): number {
  if (id === 'root') return -1;
  const number = numberOf(id);
  const place = firstPlace(numbers, (other) => other < number);
  return nodes[place]?.id === id ? place : -1;
}

function aboveWith(graph: Graph, parent: ParentId, place: number): readonly number[] {
  const above = graph.above.toSpliced(place, 0, placeOf(graph, parent));
  for (let later = place + 1; later < above.length; later += 1) {
    const parentPlace = above[later] ?? -1;
    if (parentPlace >= place) above[later] = parentPlace + 1;
  }
  return above;
}

function childrenBy(above: readonly number[], nodes: readonly SearchNode[]): Graph['children'] {
  const children = nodes.map<SearchNode[]>(() => []);
  nodes.forEach((node, place) => {
    children[above[place] ?? -1]?.push(node);
  });
  return children;
}

function childrenWith(graph: Graph, above: readonly number[], place: number, node: SearchNode): Graph['children'] {
  const children = graph.children.toSpliced(place, 0, []);
  const parent = above[place] ?? -1;
  if (parent >= 0) children[parent] = joined(children[parent], node, (other) => numberOf(other.id) < numberOf(node.id));
  return children;
}

/** A sorted list with one more node, behind all that come before it. */
function joined(
  list: readonly SearchNode[] = [],
  node: SearchNode,
  isBefore: (other: SearchNode) => boolean,
): readonly SearchNode[] {
  return list.toSpliced(firstPlace(list, isBefore), 0, node);
}

/** The first place of a sorted list whose item does not come before. */
export function firstPlace<T>(list: readonly T[], isBefore: (item: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = list[middle];
    if (item !== undefined && isBefore(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Behind all that are better, and behind equals with a smaller number. */
function rankFor({ ranked, rankedGains }: Graph, value: number, isOlder: (other: SearchNode) => boolean): number {
  let rank = firstPlace(rankedGains, (other) => other > value);
  for (let other = ranked[rank]; other && rankedGains[rank] === value && isOlder(other); other = ranked[rank])
    rank += 1;
  return rank;
}

/** Changes what is said of the ancestors of the node at `place`. */
function raised(
  above: readonly number[],
  place: number,
  list: number[],
  change: (value: number) => number,
): readonly number[] {
  for (let at = above[place] ?? -1; at >= 0; at = above[at] ?? -1) list[at] = change(list[at] ?? 0);
  return list;
}

function visitsOf(above: readonly number[]): readonly number[] {
  const visits = above.map<number>(() => 1);
  for (let place = visits.length - 1; place >= 0; place -= 1) {
    const parent = above[place] ?? -1;
    if (parent >= 0) visits[parent] = (visits[parent] ?? 0) + (visits[place] ?? 0);
  }
  return visits;
}

function worthOf(node: SearchNode): number {
  return isCandidate(node) ? gain(node) : Number.NEGATIVE_INFINITY;
}

function gainOf(node: SearchNode): number {
  return rounded(gain(node));
}

function secondsOf(nodes: readonly SearchNode[]): number {
  return nodes.reduce((sum, node) => sum + node.cost.seconds, 0);
}

function countOperators(nodes: readonly SearchNode[]): Record<Operator, number> {
  const counts = {
    ...{ draft: 0, improve: 0, debug: 0, evolve: 0, fuse: 0, aggregate: 0 },
    ...{ ablate: 0, 'refine-block': 0, merge: 0 },
  };
  for (const { operator } of nodes) counts[operator] += 1;
  return counts;
}

function hasFailed({ status }: SearchNode): boolean {
  return status === 'failed';
}

/** Smallest key first; each key is computed once. Equal keys keep their order. */
function sortedBy(nodes: readonly SearchNode[], keyOf: (node: SearchNode) => number): readonly SearchNode[] {
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

/** An ablation is a measurement: whatever it scores, it is no result. */
function isCandidate({ status, operator }: SearchNode): boolean {
  return status === 'valid' && operator !== 'ablate';
}
