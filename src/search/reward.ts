/**
 * What a node is worth to the search: the rank of its score among the valid nodes, in (0, 1]; a failed node is worth 0.
 *
 * Ranks need no scale (an RMSE in thousands and an AUC near 1 look alike) and hold under every monotone change of the metric. They move as
 * nodes arrive; since values are recomputed from finished nodes before each choice, no stale one is ever used. AutoMLGen's steps
 * (−1 failed, +1 valid, +2 new best; arXiv 2510.08511, section 3.3) tell neither a good child from a poor one nor a near miss from a wreck.
 */
import { firstPlace } from './index-graph.js';
import { rounded } from './is-better.js';

/**
 * The value of a gain among the rounded ones of all valid nodes, largest first: the share that is no better. Equal scores have equal values,
 * so the order of arrival does not matter; −∞ is worth 0.
 */
export function rankValue(gains: readonly number[], gain: number): number {
  if (gain === Number.NEGATIVE_INFINITY) return 0;
  const value = rounded(gain);
  return (gains.length - firstPlace(gains, (other) => other > value)) / gains.length;
}
