/** Grading reports from files, grouped by seed. */
import { z } from 'zod';
import { UserError } from '../domain/errors.js';
import { AggregateReport } from './aggregate-report.js';
import { CompetitionReport } from './competition-report.js';
import type { SeedReports } from './headline.js';

export interface ReportFile {
  readonly name: string;
  readonly text: string;
}

const Either = z.union([
  AggregateReport.pick({ competition_reports: true }).transform((report) => report.competition_reports),
  CompetitionReport.transform((report) => [report]),
]);

/**
 * Reports that name a seed belong to it; those that do not, as the benchmark's own, are a seed for each file.
 * @throws UserError `benchmark-invalid`
 */
export function bySeed(files: readonly ReportFile[]): readonly SeedReports[] {
  const seeds = new Map<string, CompetitionReport[]>();
  files.forEach(({ name, text }, index) => {
    for (const report of reportsIn(name, text)) {
      const seed = report.seed ?? String(index + 1);
      seeds.set(seed, [...(seeds.get(seed) ?? []), report]);
    }
  });
  return [...seeds].map(([seed, reports]) => ({ seed, reports }));
}

function reportsIn(name: string, text: string): readonly CompetitionReport[] {
  const parsed = Either.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new UserError(
    'benchmark-invalid',
    `${name} is neither a grading report nor the report of a competition.`,
    'Give files written by `automlgen benchmark grade --output` or by `mlebench grade`.',
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
