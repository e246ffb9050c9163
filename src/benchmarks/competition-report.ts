/** One graded submission, in the field names of MLE-bench's per-competition report. */
import { z } from 'zod';
import type { Board } from './board.js';

/** The first sixteen fields are the benchmark's; the optional ones are ours, and readers of the benchmark's reports pass them over. */
export const CompetitionReport = z.object({
  competition_id: z.string(),
  /** Rounded to 5 decimals; null for a submission that could not be graded. */
  score: z.number().nullable(),
  /** Thresholds are null where there is no leaderboard that can be read. */
  gold_threshold: z.number().nullable(),
  silver_threshold: z.number().nullable(),
  bronze_threshold: z.number().nullable(),
  median_threshold: z.number().nullable(),
  any_medal: z.boolean(),
  gold_medal: z.boolean(),
  silver_medal: z.boolean(),
  bronze_medal: z.boolean(),
  above_median: z.boolean(),
  submission_exists: z.boolean(),
  valid_submission: z.boolean(),
  is_lower_better: z.boolean(),
  /** ISO 8601. */
  created_at: z.string(),
  submission_path: z.string(),

  seed: z.string().optional(),
  /** Why there is no score. */
  reason: z.string().optional(),
  /** MLE-Dojo's share of people beaten, 0 to 1. */
  human_rank: z.number().optional(),
  /** What the benchmark's own code and our registry each said, where both could. */
  graded_by: z.enum(['benchmark', 'registry']).optional(),
  registry_score: z.number().nullable().optional(),
  /** What a reader should know: known problems of the task, a board with odd scores, a difference between the two graders. */
  notes: z.array(z.string()).optional(),
});
export type CompetitionReport = z.infer<typeof CompetitionReport>;

export interface GradedSubmission {
  readonly competitionId: string;
  readonly submissionPath: string;
  readonly submissionExists: boolean;
  /** Null when it could not be graded, whatever the reason. */
  readonly score: number | null;
  /** Absent: no leaderboard that can be read, so no medal. */
  readonly board?: Board;
  /** Direction where there is no board. */
  readonly isLowerBetter?: boolean;
  readonly createdAt: Date;
  readonly extras?: Pick<
    CompetitionReport,
    'seed' | 'reason' | 'human_rank' | 'graded_by' | 'registry_score' | 'notes'
  >;
}

/** Medals are inclusive at their thresholds and exclude each other; `above_median` is strict. */
export function competitionReport(graded: GradedSubmission): CompetitionReport {
  const score = graded.score === null ? null : roundedScore(graded.score);
  const { board } = graded;
  const lower = board?.isLowerBetter ?? graded.isLowerBetter ?? false;
  const reaches = (threshold: number | undefined): boolean =>
    score !== null && threshold !== undefined && (lower ? score <= threshold : score >= threshold);
  const gold = reaches(board?.gold);
  const silver = !gold && reaches(board?.silver);
  const bronze = !gold && !silver && reaches(board?.bronze);
  return {
    competition_id: graded.competitionId,
    score,
    gold_threshold: board?.gold ?? null,
    silver_threshold: board?.silver ?? null,
    bronze_threshold: board?.bronze ?? null,
    median_threshold: board?.median ?? null,
    any_medal: gold || silver || bronze,
    gold_medal: gold,
    silver_medal: silver,
    bronze_medal: bronze,
    above_median: score !== null && board !== undefined && (lower ? score < board.median : score > board.median),
    submission_exists: graded.submissionExists,
    valid_submission: score !== null,
    is_lower_better: lower,
    created_at: graded.createdAt.toISOString(),
    submission_path: graded.submissionPath,
    ...graded.extras,
  };
}

/** The one medal of a report. */
export function medalOf(report: CompetitionReport): 'gold' | 'silver' | 'bronze' | undefined {
  if (report.gold_medal) return 'gold';
  if (report.silver_medal) return 'silver';
  return report.bronze_medal ? 'bronze' : undefined;
}

/** An absent competition, counted as a failure by `--pad-missing`. */
export function missingReport(competitionId: string, createdAt: Date): CompetitionReport {
  return competitionReport({
    competitionId,
    submissionPath: '',
    submissionExists: false,
    score: null,
    createdAt,
    extras: { reason: 'This competition was not run.' },
  });
}

/**
 * To five decimals, exactly as Python's `round` does, because the benchmark compares after rounding. `toFixed` differs only where
 * the value lies exactly between two, and then takes the larger; such values are the odd multiples of 1/64.
 */
function roundedScore(value: number): number {
  const isTie = Number.isInteger(value * 64) && !Number.isInteger(value * 32);
  if (!isTie) return Number(value.toFixed(5));
  const below = Math.floor(value * 1e5);
  return (below % 2 === 0 ? below : below + 1) / 1e5;
}
