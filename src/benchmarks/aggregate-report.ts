/** Many graded submissions in the field names of MLE-bench's grading report. */
import { z } from 'zod';
import { CompetitionReport } from './competition-report.js';

export const AggregateReport = z.object({
  total_runs: z.number().int(),
  total_runs_with_submissions: z.number().int(),
  total_valid_submissions: z.number().int(),
  total_medals: z.number().int(),
  total_gold_medals: z.number().int(),
  total_silver_medals: z.number().int(),
  total_bronze_medals: z.number().int(),
  total_above_median: z.number().int(),
  competition_reports: z.array(CompetitionReport),
});
export type AggregateReport = z.infer<typeof AggregateReport>;

export function aggregateReport(reports: readonly CompetitionReport[]): AggregateReport {
  const count = (holds: (report: CompetitionReport) => boolean): number => reports.filter(holds).length;
  return {
    total_runs: reports.length,
    total_runs_with_submissions: count((report) => report.submission_exists),
    total_valid_submissions: count((report) => report.valid_submission),
    total_medals: count((report) => report.any_medal),
    total_gold_medals: count((report) => report.gold_medal),
    total_silver_medals: count((report) => report.silver_medal),
    total_bronze_medals: count((report) => report.bronze_medal),
    total_above_median: count((report) => report.above_median),
    competition_reports: [...reports],
  };
}
