/** The exploration term of UCT, with work in flight counted as visits. */

/**
 * `C · sqrt(ln(total + 1) / visits)`, where `total` counts the visits of the node at which is chosen and `visits` those of the arm, both with
 * what is in flight. AutoMLGen (arXiv 2510.08511, equation 2) has the same form with C = 1.414 on summed rewards; on ranks in (0, 1] with the
 * largest value backed up, C = 0.1 is what paid in simulation (docs/mcgs.md).
 */
export function exploration(c: number, total: number, visits: number): number {
  return c * Math.sqrt(Math.log(total + 1) / Math.max(1, visits));
}
