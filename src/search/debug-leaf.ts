/** Which failed program is repaired, for policies without a walk. */
import type { SearchNode } from '../domain/node.js';
import { canDebug } from './closed.js';
import { graphOf } from './graph.js';
import type { Move } from './move.js';
import { debug, moveOf } from './operators.js';
import { prunedNodes } from './pruned.js';
import { draw } from './random.js';
import type { SearchState } from './state.js';

/** AIDE (arXiv 2502.13138): with a fixed chance a failed leaf, each as likely as the others. Draws 0 and 1 of the stream `select`. */
export function debugSome(state: SearchState, probability: number, depth: number): Move | undefined {
  const leaves = failedLeaves(state, depth);
  const chance = draw(state.streams.select, 0);
  if (chance >= probability) return undefined;
  const place = draw(state.streams.select, 1);
  const leaf = leaves[Math.floor(place * leaves.length)];
  return leaf && moveOf(leaf, { ...debug(leaf), draws: { debug: chance, leaf: place } });
}

/** AIRA's debug cycle (arXiv 2507.02554): a failed program is repaired, again and again, before anything else; the oldest first. */
export function debugFirst(state: SearchState, depth: number): Move | undefined {
  const leaf = failedLeaves(state, depth)[0];
  return leaf && moveOf(leaf, debug(leaf));
}

function failedLeaves(state: SearchState, depth: number): readonly SearchNode[] {
  const pruned = prunedNodes(state);
  return graphOf(state).failed.filter((node) => canDebug(state, node, depth) && !pruned.has(node.id));
}
