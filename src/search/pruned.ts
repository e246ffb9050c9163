/** Subtrees that a person took out: never expanded, referenced or called best. */
import type { NodeId } from '../domain/ids.js';
import type { ParentId } from '../domain/node.js';
import { graphOf } from './graph.js';
import type { SearchState } from './state.js';

const NOTHING: ReadonlySet<ParentId> = new Set();

const known = new WeakMap<SearchState['nodes'], { marks: readonly NodeId[]; pruned: ReadonlySet<ParentId> }>();

/** Every finished node that was pruned or lies below a pruned one. */
export function prunedNodes(state: Pick<SearchState, 'nodes' | 'steering'>): ReadonlySet<ParentId> {
  const marks = state.steering.pruned;
  if (marks.length === 0) return NOTHING;
  const before = known.get(state.nodes);
  if (before?.marks === marks) return before.pruned;
  const pruned = new Set<ParentId>(marks);
  for (const node of graphOf(state).nodes) if (pruned.has(node.parent)) pruned.add(node.id);
  known.set(state.nodes, { marks, pruned });
  return pruned;
}

/** Work in flight that pruning made pointless. */
export function isPruned(pruned: ReadonlySet<ParentId>, work: { nodeId: NodeId; parent: ParentId }): boolean {
  return pruned.has(work.parent) || pruned.has(work.nodeId);
}
