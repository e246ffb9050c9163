/** Where nothing more can be tried. */
import type { NodeId } from '../domain/ids.js';
import type { ParentId, SearchNode } from '../domain/node.js';
import type { ImproveVariant, Operator } from '../domain/operator.js';
import { childrenOf, graphOf, nodeOf } from './graph.js';
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

/**
 * Whether the subtree of a node holds a place to expand, by the rule of the policy; all others are passed over on the way down. What is pruned
 * is closed with all below it. Only what is asked for is looked at, and no node twice: mostly a node is a place itself and answers at once.
 */
export function openSubtrees(
  state: SearchState,
  isPlace: (node: SearchNode) => boolean = expandable(state),
): (head: SearchNode) => boolean {
  const graph = graphOf(state);
  const pruned = prunedNodes(state);
  const known = new Map<NodeId, boolean>();
  const markOpen = (from: SearchNode, head: SearchNode) => {
    for (let at: SearchNode | undefined = from; at && at !== head; at = nodeOf(state, at.parent))
      known.set(at.id, true);
    known.set(head.id, true);
    return true;
  };
  /** Depth first, so whatever was visited before a place is found lies above it or holds none. */
  return (head) => {
    const stack = [head];
    for (let node = stack.pop(); node; node = stack.pop()) {
      const before = pruned.has(node.id) ? false : known.get(node.id);
      if (before ?? isPlace(node)) return markOpen(node, head);
      known.set(node.id, false);
      if (before === undefined) stack.push(...childrenOf(graph, node.id));
    }
    return false;
  };
}
