/** Intervals of paired differences when seeds are nested in landscapes: both are drawn anew, landscapes first. */
import { integersOf } from './chance.js';

export interface Interval {
  readonly mean: number;
  /** 2.5 and 97.5 per cent of the resampled means. */
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 1000;
const STREAM = 20_260;

/**
 * Mean of the means of groups with its 95 % interval (percentile, 1,000 resamples). A group holds the differences of one landscape.
 * Deterministic. Without any group everything is 0.
 */
export function hierarchicalInterval(groups: readonly (readonly number[])[], resamples: number = RESAMPLES): Interval {
  if (groups.length === 0) return { mean: 0, low: 0, high: 0 };
  const place = integersOf(STREAM);
  const means = Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let draws = 0; draws < groups.length; draws += 1)
      sum += resampledMean(groups[place(groups.length)] ?? [], place);
    return sum / groups.length;
  }).sort((a, b) => a - b);
  return {
    mean: meanOf(groups.map(meanOf)),
    low: means[Math.floor(0.025 * (resamples - 1))] ?? 0,
    high: means[Math.ceil(0.975 * (resamples - 1))] ?? 0,
  };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function resampledMean(values: readonly number[], place: (count: number) => number): number {
  let sum = 0;
  for (let draws = 0; draws < values.length; draws += 1) sum += values[place(values.length)] ?? 0;
  return sum / Math.max(1, values.length);
}
