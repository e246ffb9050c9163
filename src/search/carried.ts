/**
 * What follows from the finished nodes alone: worked out once for every set of nodes, and carried over when a node joins instead of worked
 * out afresh. Only speed depends on it: `extend` must give exactly what `build` gives for the larger set, and nothing known is changed, so an
 * old state stays as good as a new one. A state that comes out of JSON starts with nothing known.
 */
import type { SearchNode } from '../domain/node.js';
import type { SearchState } from './state.js';

type Nodes = SearchState['nodes'];
type Carrier = (before: SearchState, after: SearchState, node: SearchNode) => void;

const carriers: Carrier[] = [];

export interface Memory<V> {
  readonly of: (state: Pick<SearchState, 'nodes'>) => V | undefined;
  /** Gives the value back. */
  readonly keep: (state: Pick<SearchState, 'nodes'>, value: V) => V;
}

/** Remembers a value for each set of nodes. `extend` is given one without `node` and the state with it; nothing: it has to be built afresh. */
export function memory<V extends object>(
  extend: (value: V, node: SearchNode, after: SearchState) => V | undefined,
): Memory<V> {
  const known = new WeakMap<Nodes, V>();
  carriers.push((before, after, node) => {
    const value = known.get(before.nodes);
    const extended = value && extend(value, node, after);
    if (extended) known.set(after.nodes, extended);
  });
  return {
    of: ({ nodes }) => known.get(nodes),
    keep: ({ nodes }, value) => {
      known.set(nodes, value);
      return value;
    },
  };
}

/** Hands everything known of the nodes of `before` on to those of `after`, which are the same and `node`. */
export function carryOver(before: SearchState, after: SearchState, node: SearchNode): void {
  for (const carry of carriers) carry(before, after, node);
}
