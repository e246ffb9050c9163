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

/** True when the author has shown that it has nothing (more) to offer for this move at this parent. */
export function isClosed(
  state: Pick<SearchState, 'rejections' | 'config'>,
  parent: ParentId,
  operator: Operator,
  variant?: ImproveVariant,
): boolean {
  const key = rejectionKey(parent, operator, variant);
  return (Object.hasOwn(state.rejections, key) ? (state.rejections[key] ?? 0) : 0) >= state.config.rejectionsPerParent;
}

export function openVariants(
  state: Pick<SearchState, 'rejections' | 'config'>,
  parent: NodeId,
): readonly ImproveVariant[] {
  return VARIANTS.filter((variant) => !isClosed(state, parent, 'improve', variant));
}

/** A failed node gets one debug child, unless it is itself the last of `debugDepth` debug steps in a row. */
export function canDebug(state: SearchState, node: SearchNode): boolean {
  return (
    node.status === 'failed' &&
    node.debugDepth < state.config.debugDepth &&
    childrenOf(graphOf(state), node.id).length === 0 &&
    !state.reservations.some((reservation) => reservation.parent === node.id) &&
    !isClosed(state, node.id, 'debug')
  );
}

export function canImprove(state: Pick<SearchState, 'rejections' | 'config'>, node: SearchNode): boolean {
  return node.status === 'valid' && openVariants(state, node.id).length > 0;
}

/** Nodes whose subtree holds a place to expand. All others are skipped on the way down. */
export function openNodes(state: SearchState): ReadonlySet<NodeId> {
  const { nodes } = graphOf(state);
  const pruned = prunedNodes(state);
  const open = new Set<ParentId>();
  for (let position = nodes.length - 1; position >= 0; position -= 1) {
    const node = nodes[position];
    if (!node || pruned.has(node.id)) continue;
    if (open.has(node.id) || canImprove(state, node) || canDebug(state, node)) {
      open.add(node.id);
      open.add(node.parent);
    }
  }
  open.delete('root');
  return open as ReadonlySet<NodeId>;
}
