/** Choices by weight, from one uniform draw. */

/** Place of the weight into which `uniform`, in [0, 1), falls. Without any weight all places are alike; of an empty list, nothing. */
export function pickWeighted(weights: readonly number[], uniform: number): number | undefined {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) return weights.length > 0 ? Math.floor(uniform * weights.length) : undefined;
  let left = uniform * total;
  for (const [place, weight] of weights.entries()) {
    if (left < weight) return place;
    left -= weight;
  }
  return weights.findLastIndex((weight) => weight > 0);
}

/** `(1/r) / Σ (1/r)` over the ranks r of those that take part; ranks are places in the whole list, counted from 1. */
export function inverseRanks(takesPart: readonly boolean[]): readonly number[] {
  const weights = takesPart.map((takes, place) => (takes ? 1 / (place + 1) : 0));
  return shares(weights);
}

/** `exp(v / T) / Σ exp(v / T)`. */
export function softmax(values: readonly number[], temperature: number): readonly number[] {
  const most = Math.max(...values);
  return shares(values.map((value) => Math.exp((value - most) / temperature)));
}

/** The same proportions with the sum 1; all 0 when the sum is 0. */
export function shares(weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (total > 0 ? weight / total : 0));
}
