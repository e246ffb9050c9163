/** The one place that says which of two results is better. */
import type { Direction } from '../domain/metric.js';
import type { SearchNode } from '../domain/node.js';
import type { Paired } from '../domain/score.js';

/**
 * True when a paired difference exceeds zero by more than `z` paired standard errors. Scores carry an error of their own, but two
 * programs scored on the same rows share most of it: only the paired one can tell them apart.
 */
export function isBetter(paired: Pick<Paired, 'delta' | 'pairedSE'>, z: number): boolean {
  return rounded(paired.delta - z * paired.pairedSE) > 0;
}

/** Whether `node` beats `other`: by their paired difference where one was measured, else by their plain values. */
export function beats(node: SearchNode, other: SearchNode, paired: Paired | undefined, z: number): boolean {
  if (!node.score || !other.score) return node.status === 'valid' && other.status === 'failed';
  if (paired) return isBetter(paired, z);
  return rounded(gain(node) - gain(other)) > 0;
}

/** The paired difference against `other`, if one was measured when `node` was scored. */
export function pairedAgainst({ versus }: SearchNode, other: SearchNode): Paired | undefined {
  return [versus?.parent, versus?.branchBest, versus?.best].find((paired) => paired?.against === other.id);
}

/** The score on a scale where more is better; −∞ without a score. */
export function gain(node: SearchNode): number {
  if (!node.score) return Number.NEGATIVE_INFINITY;
  return signed(node.score.value, node.score.direction);
}

export function signed(value: number, direction: Direction): number {
  return direction === 'maximise' ? value : -value;
}

/** To nine decimals, so that the last bits of a sum never decide. */
export function rounded(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}
