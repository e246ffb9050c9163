/** What a tournament says: differences between contestants on the same cells, with intervals over landscapes and seeds. */
import { hierarchicalInterval, type Interval, meanOf } from './bootstrap.js';
import type { ProfileName } from './operator-profile.js';

/** One contestant over all cells of a profile, in the order of the cells. */
export interface Record {
  readonly truth: readonly number[];
  readonly overTime: readonly number[];
  readonly optimism: number;
  readonly nodes: number;
  readonly failed: number;
}

export interface ProfileResult {
  readonly profile: ProfileName;
  /** Landscape of each cell. */
  readonly landscapes: readonly number[];
  readonly records: Readonly<{ [name: string]: Record }>;
}

export type Measure = 'truth' | 'overTime';

/** `name` minus `other`, paired by cell; both must have played. */
export function difference(result: ProfileResult, name: string, other: string, measure: Measure = 'truth'): Interval {
  const [left, right] = [recordOf(result, name)[measure], recordOf(result, other)[measure]];
  const groups = new Map<number, number[]>();
  for (const [place, landscape] of result.landscapes.entries()) {
    const value = (left[place] ?? 0) - (right[place] ?? 0);
    const group = groups.get(landscape);
    if (group) group.push(value);
    else groups.set(landscape, [value]);
  }
  return hierarchicalInterval([...groups.values()]);
}

export function recordOf({ records, profile }: ProfileResult, name: string): Record {
  const record = Object.hasOwn(records, name) ? records[name] : undefined;
  if (!record) throw new Error(`${name} did not play in ${profile}.`);
  return record;
}

export function meanTruth(result: ProfileResult, name: string): number {
  return meanOf(recordOf(result, name).truth);
}

/** Clearly better, clearly worse, or neither: whether the interval leaves zero out. */
export function verdict({ low, high }: Interval): 'better' | 'worse' | 'open' {
  if (low > 0) return 'better';
  return high < 0 ? 'worse' : 'open';
}
