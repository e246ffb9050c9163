/**
 * Visits and values of every subtree, recomputed from finished nodes: doing it twice equals doing it once, the order of results does not
 * matter, and a resumed search cannot drift. Reward flows along primary edges only; reference edges carry information.
 */
import type { ParentId } from '../domain/node.js';
import { validNodes } from './elite.js';
import { graphOf, nodeOf } from './graph.js';
import { bestsOf, type Graph, placeOf } from './index-graph.js';
import { gain, rounded } from './is-better.js';
import { prunedNodes } from './pruned.js';
import { rankValue } from './reward.js';
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

export interface Backup {
  readonly graph: Graph;
  /** Rounded gains of all valid nodes, largest first. */
  readonly ranked: readonly number[];
  /** By place, as in the graph; what is pruned has none. */
  readonly gains: readonly number[];
  readonly bests: readonly number[];
}

const backups = new WeakMap<SearchState['nodes'], { pruned: readonly string[]; backup: Backup }>();

/** Statistics of all nodes, to be read with `statisticsOf`. A rank grows with the score, so the largest of a subtree is that of its best score. */
export function backup(state: Pick<SearchState, 'nodes' | 'steering'>): Backup {
  const graph = graphOf(state);
  if (state.steering.pruned.length === 0)
    return { graph, ranked: graph.rankedGains, gains: graph.gains, bests: graph.bests };
  const known = backups.get(state.nodes);
  if (known && known.pruned === state.steering.pruned) return known.backup;
  const pruned = prunedNodes(state);
  const gains = graph.gains.map((gain, place) =>
    pruned.has(graph.nodes[place]?.id ?? 'root') ? Number.NEGATIVE_INFINITY : gain,
  );
  const ranked = validNodes(state).map((node) => rounded(gain(node)));
  const backup = { graph, ranked, gains, bests: bestsOf(graph.above, gains) };
  backups.set(state.nodes, { pruned: state.steering.pruned, backup });
  return backup;
}

/** Statistics of a finished node, or of the root; all 0 for any other. */
export function statisticsOf({ graph, ranked, gains, bests }: Backup, id: ParentId): Statistics {
  if (id === 'root') return { value: 0, visits: graph.nodes.length, best: ranked.length > 0 ? 1 : 0 };
  const place = placeOf(graph, id);
  if (place < 0) return NOT_VISITED;
  const rankIn = (list: readonly number[]) => rankValue(ranked, list[place] ?? Number.NEGATIVE_INFINITY);
  return { value: rankIn(gains), visits: graph.visits[place] ?? 0, best: rankIn(bests) };
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
