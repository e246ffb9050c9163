/** The report of one graded submission in a few lines. */
import { styleText } from 'node:util';
import { type CompetitionReport, medalOf } from '../../benchmarks/competition-report.js';

export function competitionReportLines(report: CompetitionReport): readonly string[] {
  const { registry_score: own, human_rank: rank, notes = [] } = report;
  return [
    scoreLine(report),
    ...(own === undefined || own === null ? [] : [`Our registry   ${own}`]),
    ...boardLines(report),
    ...(rank === undefined ? [] : [`HumanRank      ${rank.toFixed(4)}`]),
    ...notes.map((note) => `! ${note}`),
  ];
}

function scoreLine(report: CompetitionReport): string {
  if (report.score === null) return `${styleText('red', 'No score')}       ${report.reason ?? ''}`;
  const better = report.is_lower_better ? 'smaller is better' : 'larger is better';
  const by = report.graded_by === 'benchmark' ? "the benchmark's own code" : 'our registry alone';
  return `${styleText('bold', 'Score')}          ${report.score}  (${better}, graded by ${by})`;
}

function boardLines(report: CompetitionReport): readonly string[] {
  const { gold_threshold: gold, silver_threshold: silver, bronze_threshold: bronze, median_threshold: median } = report;
  if (gold === null) return ['Medal          no leaderboard'];
  const medal = medalOf(report) ?? 'no medal';
  return [
    `Medal          ${medal}${report.above_median ? ', above the median' : ''}`,
    `Thresholds     ${gold} / ${silver} / ${bronze} / ${median}  (gold, silver, bronze, median)`,
  ];
}
