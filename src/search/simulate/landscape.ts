/**
 * NK landscapes (Kauffman and Levin 1987): a program is ten components with six options each, and what an option is worth depends on k other
 * components. k is how rugged it is: with 0 every component could be set on its own, with 9 parts of two good programs say nothing about their
 * mixture. Unit: one standard deviation over all programs; their mean is 0.
 */
import { chanceAt, normalAt } from './chance.js';

export const COMPONENTS = 10;
export const OPTIONS = 6;

/** One option for each component. */
export type Genome = readonly number[];

export interface Landscape {
  readonly truthOf: (genome: Genome) => number;
  /** What the hidden rows add to the truth: a part that is common to all programs, and one of its own. */
  readonly errorOf: (genome: Genome) => number;
  /** Standard error of the difference of two validations on the same rows: less than that of two scores on rows of their own. */
  readonly pairedSE: number;
}

export interface LandscapeOptions {
  readonly seed: number;
  /** Components that the worth of one depends on, besides itself. */
  readonly k: number;
  /** Seed of the hidden rows: another split of the same task has other errors. */
  readonly rows: number;
  /** Standard deviation of what the rows add to one program more than to another. */
  readonly noise: number;
}

/** What the rows do to all programs alike, as a multiple of the noise: it blurs a score and no comparison. */
const COMMON = 1;

export function landscapeOf({ seed, k, rows, noise }: LandscapeOptions): Landscape {
  const partners = Array.from({ length: COMPONENTS }, (_, place) => partnersOf(seed, place, k));
  const rowStream = Math.imul(seed + 1, 0x2545f491) ^ rows;
  const common = COMMON * noise * normalAt(rowStream, 1);
  return {
    truthOf(genome) {
      const sum = genome.reduce((total, option, place) => {
        const others = partners[place] ?? [];
        return total + chanceAt(seed, place, option, ...others.map((other) => genome[other] ?? 0));
      }, 0);
      return (sum - COMPONENTS / 2) / Math.sqrt(COMPONENTS / 12);
    },
    errorOf: (genome) => common + noise * normalAt(rowStream, 2, ...genome),
    pairedSE: Math.SQRT2 * noise,
  };
}

/** k different components other than `place`. */
function partnersOf(seed: number, place: number, k: number): readonly number[] {
  const others = Array.from({ length: COMPONENTS }, (_, other) => other).filter((other) => other !== place);
  return others
    .map((other) => ({ other, key: chanceAt(seed, 1000 + place, other) }))
    .sort((a, b) => a.key - b.key)
    .slice(0, k)
    .map(({ other }) => other);
}
