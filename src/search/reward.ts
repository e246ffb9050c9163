/**
 * What a node is worth to the search: the rank of its score among the valid nodes, in (0, 1]; a failed node is worth 0.
 *
 * Ranks need no scale (an RMSE in thousands and an AUC near 1 look alike) and hold under every monotone change of the metric. They move as
 * nodes arrive; since values are recomputed from finished nodes before each choice, no stale one is ever used. AutoMLGen's steps
 * (−1 failed, +1 valid, +2 new best; arXiv 2510.08511, section 3.3) tell neither a good child from a poor one nor a near miss from a wreck.
 */
import type { NodeId } from '../domain/ids.js';
import type { SearchNode } from '../domain/node.js';
import { gain, rounded } from './is-better.js';

/** Values of `valid`, which are sorted best first. Equal scores get equal values, so the order of arrival does not matter. */
export function rankValues(valid: readonly SearchNode[]): ReadonlyMap<NodeId, number> {
  const values = new Map<NodeId, number>();
  let value = 1;
  let last = Number.NaN;
  valid.forEach((node, position) => {
    const score = rounded(gain(node));
    if (score !== last) value = (valid.length - position) / valid.length;
    values.set(node.id, value);
    last = score;
  });
  return values;
}
