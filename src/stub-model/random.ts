/** Draws that depend on nothing but what they are for, so that the order of calls does not matter. */
import { createHash } from 'node:crypto';

/** Uniform in [0, 1). */
export function drawOf(...purpose: readonly (string | number)[]): number {
  return createHash('sha256').update(JSON.stringify(purpose)).digest().readUInt32BE() / 2 ** 32;
}

export function pick<T>(items: readonly [T, ...T[]], ...purpose: readonly (string | number)[]): T {
  return items[Math.floor(drawOf(...purpose) * items.length)] ?? items[0];
}

/** Log-normal with the given median and 95th percentile, by Box and Muller. */
export function logNormal(p50: number, p95: number, ...purpose: readonly (string | number)[]): number {
  if (p50 <= 0) return 0;
  const radius = Math.sqrt(-2 * Math.log(1 - drawOf(...purpose, 'radius')));
  const normal = radius * Math.cos(2 * Math.PI * drawOf(...purpose, 'angle'));
  const sigma = Math.max(0, Math.log(p95 / p50)) / 1.6449;
  return p50 * Math.exp(sigma * normal);
}
