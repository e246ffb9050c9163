/** Subtrees that a person took out: never expanded, referenced or called best. */
import type { NodeId } from '../domain/ids.js';
import type { ParentId } from '../domain/node.js';
import { graphOf } from './graph.js';
import type { SearchState } from './state.js';

const NOTHING: ReadonlySet<ParentId> = new Set();

/** Every finished node that was pruned or lies below a pruned one. */
export function prunedNodes(state: Pick<SearchState, 'nodes' | 'steering'>): ReadonlySet<ParentId> {
  if (state.steering.pruned.length === 0) return NOTHING;
  const pruned = new Set<ParentId>(state.steering.pruned);
  for (const node of graphOf(state).nodes) if (pruned.has(node.parent)) pruned.add(node.id);
  return pruned;
}

/** Work in flight that pruning made pointless. */
export function isPruned(pruned: ReadonlySet<ParentId>, work: { nodeId: NodeId; parent: ParentId }): boolean {
  return pruned.has(work.parent) || pruned.has(work.nodeId);
}
