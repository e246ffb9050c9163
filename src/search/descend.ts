/** The walk of the published policies: down along the largest arm to the first node that may still be expanded. */
import type { NodeId } from '../domain/ids.js';
import type { ParentId, SearchNode } from '../domain/node.js';
import { openSubtrees } from './closed.js';
import { childrenOf, graphOf, nodeOf } from './graph.js';
import { type Selection, type Step, sortedArms } from './select.js';
import type { SearchState } from './state.js';
import type { Arm } from './uct.js';

export interface DescentRules {
  /** Whether the walk ends here: the child limit of the node is not reached. */
  readonly mayExpand: (node: SearchNode) => boolean;
  readonly armOf: (parent: ParentId, child: NodeId) => Arm;
  /** Branches that are walked into only when no other is open. */
  readonly isBusy?: (branch: SearchNode) => boolean;
}

/**
 * Subtrees without a place to expand are passed over, so a walk never ends on nothing, and a dead leaf is not chosen for ever.
 * Nothing: there is no place below `from`.
 */
export function descend(state: SearchState, from: ParentId, rules: DescentRules): Selection | undefined {
  const graph = graphOf(state);
  const isOpen = openSubtrees(state, rules.mayExpand);
  const path: Step[] = [];
  for (let at = from; ; ) {
    const node = nodeOf(state, at);
    if (node && rules.mayExpand(node)) return { node, path };
    const children = childrenOf(graph, at).filter(isOpen);
    const arms = sortedArms(
      state,
      idleFirst(children, at, rules).map((child) => rules.armOf(at, child.id)),
    );
    const chosen = arms[0];
    if (!chosen || chosen.to === 'here') return undefined;
    path.push({ at, chosen, arms });
    at = chosen.to;
  }
}

function idleFirst(children: readonly SearchNode[], at: ParentId, { isBusy }: DescentRules): readonly SearchNode[] {
  if (at !== 'root' || !isBusy) return children;
  const idle = children.filter((child) => !isBusy(child));
  return idle.length > 0 ? idle : children;
}
