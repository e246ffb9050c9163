/**
 * Visits and values of every subtree, recomputed from finished nodes: doing it twice equals doing it once, the order of results does not
 * matter, and a resumed search cannot drift. Reward flows along primary edges only; reference edges carry information.
 */
import type { NodeId } from '../domain/ids.js';
import type { ParentId } from '../domain/node.js';
import { validNodes } from './elite.js';
import { graphOf, nodeOf } from './graph.js';
import { rankValues } from './reward.js';
import type { SearchState } from './state.js';

export interface Statistics {
  /** v: the node's own value, in [0, 1]. */
  readonly value: number;
  /** N: finished nodes of the subtree, itself included. */
  readonly visits: number;
  /** Q: the largest value in the subtree. */
  readonly best: number;
}

export interface InFlight {
  /** f: reservations anywhere below. */
  readonly below: number;
  /** f′: reservations that are direct children. */
  readonly here: number;
}

const NOT_VISITED: Statistics = { value: 0, visits: 0, best: 0 };
const IDLE: InFlight = { below: 0, here: 0 };
const backups = new WeakMap<SearchState['nodes'], { pruned: readonly string[]; backup: Backup }>();
type Backup = ReadonlyMap<ParentId, Statistics>;

/** Statistics by node; those of the root are under `root`. */
export function backup(state: SearchState): Backup {
  const known = backups.get(state.nodes);
  if (known && known.pruned === state.steering.pruned) return known.backup;
  const values = rankValues(validNodes(state));
  const totals = new Map<ParentId, { value: number; visits: number; best: number }>([['root', { ...NOT_VISITED }]]);
  const { nodes } = graphOf(state);
  for (const node of nodes) {
    const value = values.get(node.id) ?? 0;
    totals.set(node.id, { value, visits: 1, best: value });
  }
  for (let position = nodes.length - 1; position >= 0; position -= 1) addToParent(totals, nodes[position]);
  backups.set(state.nodes, { pruned: state.steering.pruned, backup: totals });
  return totals;
}

export function statisticsOf(statistics: Backup, id: ParentId): Statistics {
  return statistics.get(id) ?? NOT_VISITED;
}

/** What is on its way, by node. It enters the exploration term alone: a slow program must not look like a bad one. */
export function inFlight(state: Pick<SearchState, 'nodes' | 'reservations'>): ReadonlyMap<ParentId, InFlight> {
  const counts = new Map<ParentId, { below: number; here: number }>();
  const countOf = (id: ParentId) => {
    const count = counts.get(id) ?? { ...IDLE };
    counts.set(id, count);
    return count;
  };
  for (const { parent } of state.reservations) {
    countOf(parent).here += 1;
    let at: ParentId = parent;
    for (let node = nodeOf(state, at); node; node = nodeOf(state, at)) {
      countOf(at).below += 1;
      at = node.parent;
    }
    countOf('root').below += 1;
  }
  return counts;
}

export function inFlightOf(counts: ReadonlyMap<ParentId, InFlight>, id: ParentId): InFlight {
  return counts.get(id) ?? IDLE;
}

/** Nodes are visited from the last to the first, so a child is complete before it is added. */
function addToParent(
  totals: Map<ParentId, { value: number; visits: number; best: number }>,
  node: { readonly id: NodeId; readonly parent: ParentId } | undefined,
): void {
  if (!node) return;
  const child = totals.get(node.id);
  const parent = totals.get(node.parent);
  if (!child || !parent) return;
  parent.visits += child.visits;
  parent.best = Math.max(parent.best, child.best);
}
