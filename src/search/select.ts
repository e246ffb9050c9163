/**
 * The walk from the root to the node that is expanded next. At each healthy node its own arm competes with its children: it is expanded when
 * that arm is the largest. There is no child limit and no unvisited child (a node counts itself as its first visit), which decides more than
 * value scale, backup and C together. A failed node has one way on: its debug child, or to get one.
 */
import type { ParentId, SearchNode } from '../domain/node.js';
import { backup, inFlight } from './backup.js';
import { expandable, openSubtrees } from './closed.js';
import { childrenOf, graphOf, nodeOf, numberOf } from './graph.js';
import { rounded } from './is-better.js';
import type { SearchState } from './state.js';
import { type Arm, armSize, type Counts, downArm, hereArm } from './uct.js';

export interface Step {
  readonly at: ParentId;
  readonly chosen: Arm;
  /** Largest first. */
  readonly arms: readonly Arm[];
}

export interface Selection {
  readonly node: SearchNode;
  readonly path: readonly Step[];
}

/** The node to expand and the way to it; nothing when no node can be expanded. */
export function select(state: SearchState): Selection | undefined {
  const graph = graphOf(state);
  const isPlace = expandable(state);
  const isOpen = openSubtrees(state, isPlace);
  const counts: Counts = { statistics: backup(state), inFlight: inFlight(state), c: state.config.exploration };
  const path: Step[] = [];
  for (let at: ParentId = 'root'; ; ) {
    const children = childrenOf(graph, at);
    const arms = children.filter(isOpen).map((child) => downArm(counts, at, child.id));
    const node = nodeOf(state, at);
    if (node && isPlace(node)) arms.push(hereArm(counts, node.id, children.length));
    const sorted = sortedArms(state, arms);
    const chosen = sorted[0];
    if (!chosen) return undefined;
    path.push({ at, chosen, arms: sorted });
    if (chosen.to === 'here') return node && { node, path };
    at = chosen.to;
  }
}

/** Larger first; on a tie the node itself, then the failed child that came further, then the older child. */
export function sortedArms(state: SearchState, arms: readonly Arm[]): readonly Arm[] {
  return arms
    .map((arm) => ({ arm, size: rounded(armSize(arm)) }))
    .sort((a, b) => b.size - a.size || tie(state, a.arm, b.arm))
    .map(({ arm }) => arm);
}

function tie(state: SearchState, a: Arm, b: Arm): number {
  if (a.to === 'here') return -1;
  if (b.to === 'here') return 1;
  const progress = (nodeOf(state, b.to)?.milestones ?? 0) - (nodeOf(state, a.to)?.milestones ?? 0);
  return progress || numberOf(a.to) - numberOf(b.to);
}
