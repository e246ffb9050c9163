/**
 * What follows from the finished nodes alone: worked out once for every set of nodes, and carried over when a node joins instead of worked
 * out afresh. Only speed depends on it: `extend` must give exactly what `build` gives for the larger set, and nothing known is changed, so an
 * old state stays as good as a new one. A state that comes out of JSON starts with nothing known.
 */
import type { SearchNode } from '../domain/node.js';
import type { SearchState } from './state.js';

type Carrier = (before: SearchState, after: SearchState, node: SearchNode) => void;

const carriers: Carrier[] = [];

/** Reads the value of a state. `extend` is given the value without `node`, and the state with it. */
export function carried<V extends object>(
  build: (state: Pick<SearchState, 'nodes'>) => V,
  extend: (value: V, node: SearchNode, after: SearchState) => V,
): (state: Pick<SearchState, 'nodes'>) => V {
  const known = new WeakMap<SearchState['nodes'], V>();
  carriers.push((before, after, node) => {
    const value = known.get(before.nodes);
    if (value) known.set(after.nodes, extend(value, node, after));
  });
  return (state) => {
    const value = known.get(state.nodes) ?? build(state);
    known.set(state.nodes, value);
    return value;
  };
}

/** Hands everything known of the nodes of `before` on to those of `after`, which are the same and `node`. */
export function carryOver(before: SearchState, after: SearchState, node: SearchNode): void {
  for (const carry of carriers) carry(before, after, node);
}
