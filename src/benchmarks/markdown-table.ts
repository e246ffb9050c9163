/** Reports as Markdown: one table of headline numbers, one of competitions. */
import { markdownRows } from '../results/markdown.js';
import { type CompetitionReport, medalOf } from './competition-report.js';
import type { Headline, Rate, Scope, SeedReports } from './headline.js';
import { problemOf } from './known-problems.js';

/** Headline numbers, then a row for each competition with its result in each seed. */
export function markdownTable(headlines: readonly Headline[], bySeed: readonly SeedReports[]): string {
  return `${headlineTable(headlines)}\n${competitionTable(bySeed)}`;
}

const SCOPES: Readonly<Record<Scope, string>> = {
  all: 'all',
  'without-leaky': 'without leaky',
  'without-leaky-and-crowded': 'without leaky and crowded',
};

export function headlineTable(headlines: readonly Headline[]): string {
  const rows = headlines.map((line) => [
    SCOPES[line.scope],
    String(line.competitions),
    String(line.seeds),
    String(line.missing),
    `**${rateText(line.anyMedal)}**`,
    rateText(line.gold),
    rateText(line.aboveMedian),
    rateText(line.valid),
    `± ${line.anyMedal.binomial.toFixed(1)}`,
  ]);
  const head = [
    'competitions',
    'number',
    'seeds',
    'missing',
    'any medal %',
    'gold %',
    'above median %',
    'valid %',
    'error over tasks',
  ];
  return table(head, rows);
}

export function competitionTable(bySeed: readonly SeedReports[]): string {
  const ids = [...new Set(bySeed.flatMap(({ reports }) => reports.map((report) => report.competition_id)))].sort();
  const rows = ids.map((id) => [
    id,
    ...bySeed.map(({ reports }) => resultText(reports.find((report) => report.competition_id === id))),
    problemOf(id)?.kind ?? '',
  ]);
  return table(['competition', ...bySeed.map(({ seed }) => `seed ${seed}`), 'flag'], rows);
}

/** `61.3 ± 1.3`: mean and standard error over seeds. */
export function rateText({ mean, sem }: Rate): string {
  return sem === null ? mean.toFixed(1) : `${mean.toFixed(1)} ± ${sem.toFixed(1)}`;
}

function resultText(report: CompetitionReport | undefined): string {
  if (report === undefined) return 'not run';
  if (report.score === null) return report.submission_exists ? 'invalid' : 'no submission';
  const standing = medalOf(report) ?? (report.above_median ? 'above median' : '');
  return `${report.score} ${standing}`.trim();
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return `${markdownRows(head, rows).join('\n')}\n`;
}
