/** Where nothing more can be tried. */
import type { NodeId } from '../domain/ids.js';
import type { ParentId, SearchNode } from '../domain/node.js';
import type { ImproveVariant, Operator } from '../domain/operator.js';
import { childrenOf, graphOf } from './graph.js';
import { placeOf } from './index-graph.js';
import { prunedNodes } from './pruned.js';
import type { SearchState } from './state.js';

export const VARIANTS: readonly ImproveVariant[] = ['tune', 'features', 'strategy'];

/** Rejections are counted for each parent and move; the variants of `improve` are moves of their own. */
export function rejectionKey(parent: ParentId, operator: Operator, variant?: ImproveVariant): string {
  return variant ? `${parent}|${operator}-${variant}` : `${parent}|${operator}`;
}

type Rejections = Pick<SearchState, 'rejections' | 'config'>;

/** True when the author has shown that it has nothing (more) to offer for this move at this parent. */
export function isClosed(state: Rejections, parent: ParentId, operator: Operator, variant?: ImproveVariant): boolean {
  if (!rejectedParents(state).has(parent)) return false;
  return rejectionsOf(state, rejectionKey(parent, operator, variant)) >= state.config.rejectionsPerParent;
}

export function rejectionsOf({ rejections }: Pick<SearchState, 'rejections'>, key: string): number {
  return Object.hasOwn(rejections, key) ? (rejections[key] ?? 0) : 0;
}

const parentsKnown = new WeakMap<SearchState['rejections'], ReadonlySet<string>>();

/** Parents with any rejection: few, so that most questions are answered without building a key. */
function rejectedParents({ rejections }: Rejections): ReadonlySet<string> {
  const known = parentsKnown.get(rejections);
  if (known) return known;
  const parents = new Set(Object.keys(rejections).map((key) => key.slice(0, key.indexOf('|'))));
  parentsKnown.set(rejections, parents);
  return parents;
}

export function openVariants(state: Rejections, parent: NodeId): readonly ImproveVariant[] {
  if (!rejectedParents(state).has(parent)) return VARIANTS;
  return VARIANTS.filter((variant) => !isClosed(state, parent, 'improve', variant));
}

/** A failed node gets one debug child, unless it is itself the last of `depth` debug steps in a row. */
export function canDebug(state: SearchState, node: SearchNode, depth: number = state.config.debugDepth): boolean {
  return (
    node.status === 'failed' &&
    node.debugDepth < depth &&
    childrenOf(graphOf(state), node.id).length === 0 &&
    !state.reservations.some((reservation) => reservation.parent === node.id) &&
    !isClosed(state, node.id, 'debug')
  );
}

export function canImprove(state: Rejections, node: SearchNode): boolean {
  return improvable(state)(node);
}

/** The same for many nodes of one state. */
export function improvable(state: Rejections): (node: SearchNode) => boolean {
  const rejected = rejectedParents(state);
  return (node) => node.status === 'valid' && (!rejected.has(node.id) || openVariants(state, node.id).length > 0);
}

/** Where a change or a repair is possible. */
export function expandable(state: SearchState, debugDepth?: number): (node: SearchNode) => boolean {
  const isImprovable = improvable(state);
  return (node) => isImprovable(node) || canDebug(state, node, debugDepth);
}

/** Nodes whose subtree holds a place to expand. */
export interface OpenNodes {
  readonly has: (id: NodeId) => boolean;
  readonly size: number;
}

/** By the rule of the policy; all others are skipped on the way down. What is pruned is closed with all below it. */
export function openNodes(state: SearchState, isPlace: (node: SearchNode) => boolean = expandable(state)): OpenNodes {
  const graph = graphOf(state);
  const pruned = prunedNodes(state);
  const open = new Uint8Array(graph.nodes.length);
  let size = 0;
  for (let place = open.length - 1; place >= 0; place -= 1) {
    const node = graph.nodes[place];
    if (!node || (pruned.size > 0 && pruned.has(node.id))) continue;
    if (open[place] === 0 && !isPlace(node)) continue;
    open[place] = 1;
    size += 1;
    const above = graph.above[place] ?? -1;
    if (above >= 0) open[above] = 1;
  }
  return { has: (id) => open[placeOf(graph, id)] === 1, size };
}
