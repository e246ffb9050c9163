/** Where nothing more can be tried. */
import type { NodeId } from '../domain/ids.js';
import type { ParentId, SearchNode } from '../domain/node.js';
import type { ImproveVariant, Operator } from '../domain/operator.js';
import { childrenOf, graphOf } from './graph.js';
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
  return node.status === 'valid' && openVariants(state, node.id).length > 0;
}

/** Nodes whose subtree holds a place to expand, by the rule of the policy. All others are skipped on the way down. */
export function openNodes(
  state: SearchState,
  isPlace: (node: SearchNode) => boolean = (node) => canImprove(state, node) || canDebug(state, node),
): ReadonlySet<NodeId> {
  const { nodes } = graphOf(state);
  const pruned = prunedNodes(state);
  const open = new Set<ParentId>();
  for (let position = nodes.length - 1; position >= 0; position -= 1) {
    const node = nodes[position];
    if (!node || pruned.has(node.id)) continue;
    if (open.has(node.id) || isPlace(node)) {
      open.add(node.id);
      open.add(node.parent);
    }
  }
  open.delete('root');
  return open as ReadonlySet<NodeId>;
}
