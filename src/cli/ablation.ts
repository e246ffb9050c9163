/** What each part of the system is worth: runs without it against the whole, pair by pair with the same data and seeds. */
import type { Part } from '../domain/part.js';
import { hierarchicalInterval, type Interval } from '../search/simulate/bootstrap.js';
import { isFailure, keyText, type PracticeEntry, type PracticeKey, type PracticeRow } from './practice-log.js';
import { plannedRuns } from './practice-plan.js';
import type { StartOptions } from './start.js';

export interface PartResult {
  readonly without: Part;
  /** Pairs in which both runs were graded. */
  readonly pairs: number;
  /** How often the whole system scored better on the private answers than the run without the part, as well, and worse. */
  readonly better: number;
  readonly equal: number;
  readonly worse: number;
  /** Share of the board that the part is worth, in percentage points, with its 95 % interval; absent without pairs on a board. */
  readonly points?: Interval;
  /** Pairs that these points rest on; of one pair the interval has no width and says nothing. */
  readonly onBoard: number;
  /** Pairs that lack a grade, because a run failed or had no private answers. */
  readonly incomplete: number;
}

/** For each data set first the whole system, then each part taken out: a measurement that is cut short consists of whole comparisons. */
export function ablationPlan(
  competitions: readonly string[],
  builderSeeds: readonly number[],
  parts: readonly Part[],
  options: StartOptions,
): readonly PracticeKey[] {
  return plannedRuns(competitions, builderSeeds, options).flatMap((key) => [
    key,
    ...parts.map((without) => ({ ...key, without })),
  ]);
}

/** One result for each part, in the order given; `entries` are settled. Differences are drawn anew by competition, then by seed. */
export function ablationResults(entries: readonly PracticeEntry[], parts: readonly Part[]): readonly PartResult[] {
  return parts.map((part) => {
    const pairs = pairsOf(entries, part);
    const graded = pairs.flatMap(({ whole, without }) => (whole?.grade && without?.grade ? [{ whole, without }] : []));
    const gains = graded.map(({ whole, without }) => scoreOf(whole) - scoreOf(without));
    const points = pointsOf(graded);
    return {
      without: part,
      pairs: graded.length,
      better: gains.filter((gain) => gain > 0).length,
      equal: gains.filter((gain) => gain === 0).length,
      worse: gains.filter((gain) => gain < 0).length,
      ...(points.length > 0 ? { points: hierarchicalInterval(points) } : {}),
      onBoard: points.flat().length,
      incomplete: pairs.length - graded.length,
    };
  });
}

interface Pair {
  readonly whole?: PracticeRow;
  readonly without?: PracticeRow;
}

function pairsOf(entries: readonly PracticeEntry[], part: Part): readonly Pair[] {
  return entries
    .filter((entry) => entry.without === part)
    .map((entry) => {
      const whole = entries.find((other) => other.without === undefined && isTwin(other, entry));
      return {
        ...(whole && !isFailure(whole) ? { whole } : {}),
        ...(isFailure(entry) ? {} : { without: entry }),
      };
    });
}

/** The same measurement but for the part. */
function isTwin(a: PracticeKey, b: PracticeKey): boolean {
  const whole = (key: PracticeKey): string => keyText({ ...key, without: undefined });
  return whole(a) === whole(b);
}

/** Private score on a scale where more is better. */
function scoreOf({ grade }: PracticeRow): number {
  if (!grade) return Number.NaN;
  return grade.score.direction === 'maximise' ? grade.score.value : -grade.score.value;
}

/** Differences of the share of the board that is behind, by competition; a board of other data says nothing. */
function pointsOf(pairs: readonly Required<Pair>[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const { whole, without } of pairs) {
    if (!whole.grade || !without.grade || whole.grade.variant || without.grade.variant) continue;
    const difference = 100 * (behind(whole.grade) - behind(without.grade));
    groups.set(whole.competition, [...(groups.get(whole.competition) ?? []), difference]);
  }
  return [...groups.values()];
}

function behind({ rank, entries }: { readonly rank: number; readonly entries: number }): number {
  return 1 - (rank - 1) / entries;
}
