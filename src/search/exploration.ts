/** The exploration term of UCT, with work in flight counted as visits. */

/**
 * `C · sqrt(ln(total + 1) / visits)`, where `total` counts the visits of the node at which is chosen and `visits` those of the arm, both with
 * what is in flight. AutoMLGen (arXiv 2510.08511, equation 2) has the same form with C = 1.414 on summed rewards; on ranks in (0, 1] with the
 * largest value backed up, C = 0.1 is what paid in simulation (docs/mcgs.md).
 */
export function exploration(c: number, total: number, visits: number): number {
  return c * Math.sqrt(Math.log(total + 1) / Math.max(1, visits));
}

/** `C · sqrt(ln(total) / visits)`: the same without smoothing, as the released programs of MLEvolve and AIRA (arXiv 2507.02554) have it. */
export function plainExploration(c: number, total: number, visits: number): number {
  return c * Math.sqrt(Math.log(Math.max(1, total)) / Math.max(1, visits));
}

// biome-ignore lint/suspicious/noApproximativeNumericConstant: the papers say 1.414.
const PUBLISHED_C = 1.414;

/**
 * C(t) of MLEvolve (arXiv 2606.06473): 1.414 for the first 45 of 500 nodes, then 0.01 less for each node, never below 0.5.
 * 45 = 5 drafts · 3² improvements; from node 350 on the floor holds in any case.
 */
export function decayedExploration(t: number): number {
  return Math.max(PUBLISHED_C - 0.01 * Math.max(0, t - 45), 0.5);
}

/** Nodes that the schedule above is written for. A budget is a share of it, so that a run of forty nodes explores less towards its end, too. */
const SCHEDULED_NODES = 500;

/** C at the share τ of the budget. */
export function explorationAt(tau: number): number {
  return decayedExploration(SCHEDULED_NODES * tau);
}
