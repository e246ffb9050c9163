/** The table of a suite, of what has ended so far: for people as Markdown, for programs as JSON, for graders as a list of submissions. */
import { join } from 'node:path';
import type { SuiteRow, SuiteStatus } from '../domain/suite.js';
import { markdownRows } from '../results/markdown.js';
import { decimalsFor, durationText, scoreText } from '../results/number.js';
import { type CompetitionReport, competitionReport } from './competition-report.js';
import { type Headline, headline, type SeedReports } from './headline.js';
import { headlineTable } from './markdown-table.js';
import { submissionLines } from './submissions.js';

export interface SuiteFile {
  readonly path: string;
  readonly text: string;
}

export function suiteFiles(status: SuiteStatus): readonly SuiteFile[] {
  return [
    { path: 'suite.md', text: suiteMarkdown(status) },
    { path: 'suite.json', text: `${JSON.stringify({ ...status, headlines: suiteHeadlines(status) }, null, 2)}\n` },
    { path: 'submissions.jsonl', text: submissionLines(status.rows.flatMap(submissionOf)) },
  ];
}

export function suiteMarkdown(status: SuiteStatus): string {
  const headlines = suiteHeadlines(status);
  const graded = status.rows.some((row) => row.result?.grade);
  return [
    `# ${status.title}`,
    '',
    stateLine(status),
    '',
    ...(graded ? [headlineTable(headlines.filter(tellsMore))] : []),
    ...markdownRows(HEAD, status.rows.map(cellsOf)),
    '',
    ...(graded ? [NOTE, ''] : [UNGRADED, '']),
  ].join('\n');
}

/** Scopes that leave nothing out say the same as `all`. */
function tellsMore(line: Headline, _: number, [all]: readonly Headline[]): boolean {
  return line.scope === 'all' || line.competitions !== all?.competitions;
}

const NOTE =
  'Shares are over the runs that have ended: a run that failed or left no valid submission counts as one without a medal, one that ' +
  'never began is missing. A medal on a bundled board is a convenience; the raw metric with its interval is the result.';

const UNGRADED =
  "No run has been graded. Where the answers are a benchmark's, its grader reads the list: `automlgen benchmark grade --submissions " +
  'submissions.jsonl --data <prepared> --mle-bench <checkout>` (docs/benchmarks.md).';

function stateLine({ rows, nowMs, startedMs, spentUsd }: SuiteStatus): string {
  const states = ['done', 'running', 'waiting', 'failed', 'lost', 'cancelled', 'skipped'] as const;
  const counts = states.flatMap((state) => {
    const count = rows.filter((row) => row.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  const money = spentUsd === 0 ? '' : `, ${spentUsd === null ? 'n/a' : spentUsd.toFixed(2)} US dollars`;
  return `${rows.length} runs: ${counts.join(', ')}; ${durationText(nowMs - startedMs)}${money}.`;
}

/** Empty as long as nothing has ended. */
export function suiteHeadlines({ rows }: SuiteStatus): readonly Headline[] {
  const seeds = [...new Set(rows.map((row) => row.seed))].sort((a, b) => a - b);
  const bySeed: readonly SeedReports[] = seeds.map((seed) => ({
    seed: String(seed),
    reports: rows.filter((row) => row.seed === seed).flatMap(reportOf),
  }));
  if (bySeed.every(({ reports }) => reports.length === 0)) return [];
  return headline(bySeed, { competitions: [...new Set(rows.map((row) => row.competition))] });
}

/** Nothing for a run that has not ended, or never began. */
export function reportOf(row: SuiteRow): readonly CompetitionReport[] {
  if (row.state === 'waiting' || row.state === 'running' || row.state === 'skipped') return [];
  const grade = row.result?.grade;
  const thresholds = grade?.variant === false ? grade.thresholds : undefined;
  const isLowerBetter = grade?.score.direction === 'minimise';
  return [
    competitionReport({
      competitionId: row.competition,
      submissionPath: pathOf(row) ?? '',
      submissionExists: row.result !== undefined,
      score: grade?.score.value ?? null,
      isLowerBetter,
      ...(thresholds && { board: { ...thresholds, teams: grade?.entries ?? 1, isLowerBetter, warnings: [] } }),
      createdAt: new Date(row.endedMs ?? 0),
      extras: { seed: String(row.seed), ...(row.message !== undefined && { reason: row.message }) },
    }),
  ];
}

function submissionOf(row: SuiteRow): Parameters<typeof submissionLines>[0] {
  const path = pathOf(row);
  return path === undefined ? [] : [{ competition_id: row.competition, submission_path: path, seed: String(row.seed) }];
}

function pathOf({ result }: SuiteRow): string | undefined {
  return result === undefined ? undefined : join(result.folder, 'submission.csv');
}

const HEAD = [
  'competition',
  'seed',
  'state',
  'estimate',
  'private test',
  'baseline',
  'better than baseline',
  'board',
  'programs',
  'time',
];

function cellsOf(row: SuiteRow): readonly string[] {
  const { result, nodes, startedMs, endedMs, message } = row;
  const grade = result?.grade;
  return [
    row.competition,
    String(row.seed),
    message === undefined ? row.state : `${row.state}: ${message}`,
    result?.estimate ? scoreText(result.estimate) : '',
    grade ? scoreText(grade.score) : '',
    grade ? scoreText(grade.baseline) : '',
    grade ? gainOf(grade.score, grade.baseline) : '',
    grade ? `${grade.rank} of ${grade.entries}${grade.medal === 'none' ? '' : `, ${grade.medal}`}` : '',
    nodes ? `${nodes.valid}${nodes.failed > 0 ? ` + ${nodes.failed} failed` : ''}` : '',
    startedMs !== undefined && endedMs !== undefined ? durationText(endedMs - startedMs) : '',
  ];
}

/** Positive is better, whatever the direction. */
function gainOf(
  score: { value: number; standardError: number; direction: string },
  baseline: { value: number },
): string {
  const gain = (score.direction === 'minimise' ? -1 : 1) * (score.value - baseline.value);
  return gain.toFixed(decimalsFor(score.standardError));
}
