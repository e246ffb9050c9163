/** One submission graded by everybody who can: the benchmark's own code and our registry, side by side, then medal and HumanRank. */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchmarkPlan, ForeignGrader } from '../tasks/importers/benchmark-plan.js';
import type { Board } from './board.js';
import { type CompetitionReport, competitionReport } from './competition-report.js';
import { completedSubmission } from './complete.js';
import { meanHumanRank } from './human-rank.js';
import { problemOf, problemText } from './known-problems.js';
import { askRegistry, type ForeignGrade, foreignGrade, type OwnGrade } from './python.js';

export interface GradingTools {
  /** Interpreter with our packages. */
  readonly python: string;
  /** Interpreter with what the benchmark's code imports; asked for only when it is needed. Absent: our registry alone. */
  readonly foreignPython?: (grader: ForeignGrader) => Promise<string>;
}

export interface GradingRequest {
  readonly plan: BenchmarkPlan;
  readonly submissionPath: string;
  readonly seed?: string;
  readonly createdAt: Date;
}

/**
 * Whatever is wrong with the submission is a report without a score, with the reason. The benchmark's own score counts where its code
 * ran; our registry's where it could not be loaded. @throws UserError for a board that is none, or a missing interpreter
 */
export async function gradeSubmission(tools: GradingTools, request: GradingRequest): Promise<CompetitionReport> {
  const { plan, submissionPath } = request;
  const exists = await isSubmission(submissionPath);
  return exists
    ? withWholeFile(plan, submissionPath, (path) => graded(tools, request, path))
    : graded(tools, request, undefined);
}

/** `path` is the file that is graded; the report names the one that was submitted. */
async function graded(
  tools: GradingTools,
  request: GradingRequest,
  path: string | undefined,
): Promise<CompetitionReport> {
  const { plan, submissionPath } = request;
  const exists = path !== undefined;
  const [registry, theirs] = await Promise.all([
    askRegistry(tools.python, plan, path),
    path === undefined ? undefined : theirGrade(tools, plan, path),
  ]);
  const { board, boards, own: ours } = registry;
  const verdict = verdictOf(exists, theirs, ours);
  const lower = board?.isLowerBetter ?? isLowerBetter(plan);
  const rank = verdict.score === null ? undefined : meanHumanRank(verdict.score, boards, lower);
  return competitionReport({
    competitionId: plan.competitionId,
    submissionPath,
    submissionExists: exists,
    score: verdict.score,
    ...(board && { board }),
    isLowerBetter: lower,
    createdAt: request.createdAt,
    extras: {
      ...(request.seed !== undefined && { seed: request.seed }),
      ...(verdict.reason !== '' && { reason: verdict.reason }),
      ...(verdict.by && { graded_by: verdict.by }),
      ...(ours && { registry_score: ours.score }),
      ...(rank !== undefined && { human_rank: rank }),
      ...notesOf([
        ...problemNotes(plan.competitionId),
        ...(board?.warnings ?? []),
        ...directionNotes(plan, board),
        ...gradeNotes(theirs, ours),
      ]),
    },
  });
}

/** A submission of numbered rows is completed in a file of its own, which is gone afterwards. */
async function withWholeFile<T>(plan: BenchmarkPlan, path: string, use: (path: string) => Promise<T>): Promise<T> {
  const text = await completedSubmission(plan, path);
  if (text === undefined) return use(path);
  const folder = await mkdtemp(join(tmpdir(), 'automlgen-submission-'));
  try {
    const whole = join(folder, 'submission.csv');
    await writeFile(whole, text);
    return await use(whole);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The benchmark takes a file only when its name ends in .csv. */
async function isSubmission(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return (found?.isFile() ?? false) && path.toLowerCase().endsWith('.csv');
}

async function theirGrade(
  tools: GradingTools,
  { grader, answers }: BenchmarkPlan,
  submission: string,
): Promise<ForeignGrade | undefined> {
  if (grader === undefined || answers === undefined || tools.foreignPython === undefined) return undefined;
  return foreignGrade(await tools.foreignPython(grader), grader, { answers, submission });
}

interface Verdict {
  readonly score: number | null;
  readonly reason: string;
  readonly by?: 'benchmark' | 'registry';
}

function verdictOf(exists: boolean, theirs: ForeignGrade | undefined, ours: OwnGrade | undefined): Verdict {
  if (!exists) return { score: null, reason: 'There is no submission file whose name ends in .csv.' };
  if (theirs !== undefined && theirs.fault !== 'grader') {
    return { score: theirs.score, reason: theirs.reason, by: 'benchmark' };
  }
  if (ours !== undefined && ours.score !== null) return { score: ours.score, reason: '', by: 'registry' };
  return { score: null, reason: [theirs?.reason, ours?.reason].filter(Boolean).join(' ') };
}

/** Both say five decimals; more than one step of the last apart is a difference. */
const SAME = 1.5e-5;

function gradeNotes(theirs: ForeignGrade | undefined, ours: OwnGrade | undefined): readonly string[] {
  if (theirs === undefined || ours === undefined) return [];
  if (theirs.fault === 'grader') return [`Graded by our registry alone: ${theirs.reason}`];
  if (ours.score === null) return [`Our registry has no score of its own: ${ours.reason}`];
  if (theirs.score === null) return [`The benchmark's grader refuses a file that our registry scores ${ours.score}.`];
  const gap = Math.abs(theirs.score - ours.score);
  if (gap <= SAME * Math.max(1, Math.abs(theirs.score))) return [];
  return [
    `The graders differ: the benchmark says ${theirs.score}, our registry ${ours.score}. The benchmark may score fewer rows or weigh them.`,
  ];
}

function directionNotes(plan: BenchmarkPlan, board: Board | undefined): readonly string[] {
  if (board === undefined || plan.direction === undefined || board.isLowerBetter === isLowerBetter(plan)) return [];
  const word = board.isLowerBetter ? 'smaller' : 'larger';
  return [
    `The leaderboard says that ${word} is better, the metric ${plan.metric?.name} the opposite: medals follow the board.`,
  ];
}

function isLowerBetter({ direction, metric }: BenchmarkPlan): boolean {
  return (direction === 'minimise') !== (metric?.complement ?? false);
}

function problemNotes(competitionId: string): readonly string[] {
  const problem = problemOf(competitionId);
  return problem ? [problemText(problem)] : [];
}

function notesOf(notes: readonly string[]): { notes?: string[] } {
  return notes.length === 0 ? {} : { notes: [...notes] };
}
