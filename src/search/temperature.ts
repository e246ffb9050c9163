/** AIRA's temperature of selection (arXiv 2507.02554). */

const FIRST = 1;
const LAST = 1;
const GENERATIONS = 100;

/** `T(g) = T0 − (T0 − T1) · g / G`, held at T1 afterwards. As released T0 = T1 = 1 and G = 100. */
export function temperatureAt(generation: number, first = FIRST, last = LAST, generations = GENERATIONS): number {
  return first - ((first - last) * Math.min(generation, generations)) / generations;
}
