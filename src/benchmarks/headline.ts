/** The numbers that systems are compared by: rates over competitions, their spread over seeds, and three ways to count tasks. */
import { z } from 'zod';
import { UserError } from '../domain/errors.js';
import { type CompetitionReport, missingReport } from './competition-report.js';
import { isCrowded, isLeaky } from './known-problems.js';

export interface SeedReports {
  /** Name of the seed or run group. */
  readonly seed: string;
  /** At most one report for each competition. */
  readonly reports: readonly CompetitionReport[];
}

/** All in percent. */
export const Rate = z.object({
  /** Mean over seeds of the share of competitions. */
  mean: z.number(),
  /** Standard error of that mean over seeds (sample deviation, n - 1); null with one seed. */
  sem: z.number().nullable(),
  /** Error that comes from having just these tasks: √(p (1 - p) / tasks). */
  binomial: z.number(),
});
export type Rate = z.infer<typeof Rate>;

export const Scope = z.enum(['all', 'without-leaky', 'without-leaky-and-crowded']);
export type Scope = z.infer<typeof Scope>;

export const Headline = z.object({
  scope: Scope,
  /** Different competitions over all seeds. */
  competitions: z.number().int(),
  seeds: z.number().int(),
  /** Competition and seed pairs without a report: counted as failures when padded, else left out. */
  missing: z.number().int(),
  anyMedal: Rate,
  gold: Rate,
  aboveMedian: Rate,
  valid: Rate,
});
export type Headline = z.infer<typeof Headline>;

export interface HeadlineOptions {
  /** Competitions that ought to be there; absent: all that any seed has. */
  readonly competitions?: readonly string[];
  /** Count absent competitions as failures. */
  readonly padMissing?: boolean;
}

/**
 * The three headline numbers: all competitions, without the leaky ones, without the leaky and the crowded ones.
 * @throws UserError `benchmark-invalid` for a competition that a seed has twice, or no report at all.
 */
export function headline(bySeed: readonly SeedReports[], options: HeadlineOptions = {}): readonly Headline[] {
  for (const { seed, reports } of bySeed) checkOnce(seed, reports);
  const wanted = options.competitions ?? [...new Set(bySeed.flatMap(({ reports }) => reports.map(idOf)))];
  if (wanted.length === 0 || bySeed.length === 0) {
    throw new UserError(
      'benchmark-invalid',
      'There is no report to sum up.',
      'Grade some submissions first: `automlgen benchmark grade`.',
    );
  }
  return Scope.options
    .map((scope) => ({ scope, ids: wanted.filter((id) => inScope(id, scope)) }))
    .filter(({ ids }) => ids.length > 0)
    .map(({ scope, ids }) => headlineOf(scope, ids, bySeed, options.padMissing ?? false));
}

export function inScope(competitionId: string, scope: Scope): boolean {
  if (scope === 'all') return true;
  return !isLeaky(competitionId) && (scope === 'without-leaky' || !isCrowded(competitionId));
}

function headlineOf(
  scope: Scope,
  ids: readonly string[],
  bySeed: readonly SeedReports[],
  padMissing: boolean,
): Headline {
  const groups = bySeed.map(({ reports }) => chosen(ids, reports, padMissing));
  const present = bySeed.reduce((sum, { reports }) => sum + reports.filter((r) => ids.includes(idOf(r))).length, 0);
  const rateOf = (holds: (report: CompetitionReport) => boolean): Rate => rate(groups, ids.length, holds);
  return {
    scope,
    competitions: ids.length,
    seeds: bySeed.length,
    missing: ids.length * bySeed.length - present,
    anyMedal: rateOf((report) => report.any_medal),
    gold: rateOf((report) => report.gold_medal),
    aboveMedian: rateOf((report) => report.above_median),
    valid: rateOf((report) => report.valid_submission),
  };
}

function chosen(
  ids: readonly string[],
  reports: readonly CompetitionReport[],
  padMissing: boolean,
): readonly CompetitionReport[] {
  return ids.flatMap((id) => {
    const report = reports.find((candidate) => idOf(candidate) === id);
    if (report !== undefined) return [report];
    return padMissing ? [missingReport(id, new Date(0))] : [];
  });
}

/** A seed without any report is left out: there is no share of nothing. */
function rate(
  groups: readonly (readonly CompetitionReport[])[],
  tasks: number,
  holds: (report: CompetitionReport) => boolean,
): Rate {
  const shares = groups
    .filter((reports) => reports.length > 0)
    .map((reports) => reports.filter(holds).length / reports.length);
  const mean = meanOf(shares);
  return { mean: 100 * mean, sem: semOf(shares, mean), binomial: 100 * Math.sqrt((mean * (1 - mean)) / tasks) };
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function semOf(shares: readonly number[], mean: number): number | null {
  if (shares.length < 2) return null;
  const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  return 100 * Math.sqrt(squares / (shares.length - 1) / shares.length);
}

function idOf(report: CompetitionReport): string {
  return report.competition_id;
}

function checkOnce(seed: string, reports: readonly CompetitionReport[]): void {
  const ids = reports.map(idOf);
  const twice = ids.find((id, position) => ids.indexOf(id) !== position);
  if (twice === undefined) return;
  throw new UserError(
    'benchmark-invalid',
    `Seed ${seed} has more than one report for ${twice}: the better of two runs would count.`,
    'Give each repetition a seed of its own.',
  );
}
