/** What a command prints when a run has ended, or when somebody stopped watching it. */
import { relative } from 'node:path';
import { styleText } from 'node:util';
import type { RunClient } from '../client/runs.js';
import type { Grade } from '../domain/evaluation.js';
import type { RunResult } from '../domain/run-status.js';
import type { Score } from '../domain/score.js';
import { decimalsFor, scoreText } from '../results/number.js';
import type { FollowEnd } from './follow.js';
import { printJson, progress } from './output.js';

export interface EndingFacts {
  readonly run: RunClient;
  readonly metric: string;
  readonly baseline?: Score;
  readonly temporalUi?: string;
  readonly json: boolean;
}

export function printEnding(end: FollowEnd, facts: EndingFacts): void {
  if (end.kind === 'detached') printDetached(facts);
  else if (facts.json) printJson({ runId: facts.run.runId, ...end.result });
  else for (const line of endingLines(end.result, facts)) console.log(line);
}

/** The result in a few lines: estimate, private score against the baseline, medal, folder, link. */
export function endingLines(
  result: RunResult,
  facts: Pick<EndingFacts, 'run' | 'metric' | 'baseline' | 'temporalUi'>,
): readonly string[] {
  const { grade, estimate } = result;
  const baseline = grade?.baseline ?? facts.baseline;
  return [
    '',
    estimate
      ? `${styleText('bold', 'Estimate')}       ${facts.metric} ${scoreText(estimate)}  (${estimate.rows} rows no program could read)`
      : 'No valid program was found; the submission is the baseline.',
    ...(grade ? gradeLines(grade, facts.metric) : []),
    ...(baseline ? [`Baseline       ${facts.metric} ${scoreText(baseline)}`] : []),
    `Results        ${relative(process.cwd(), result.folder) || result.folder}/  (report.md, solution.py, submission.csv, nodes.csv)`,
    ...(facts.temporalUi ? [`Temporal UI    ${facts.temporalUi}`] : []),
    `More           automlgen show best · automlgen show --choice · automlgen report ${facts.run.runId}`,
  ];
}

function gradeLines(grade: Grade, metric: string): readonly string[] {
  const lines = [`${styleText('bold', 'Private test')}   ${metric} ${styleText('green', scoreText(grade.score))}`];
  if (grade.reference) {
    const { score, delta, pairedSE } = grade.reference;
    const decimals = decimalsFor(pairedSE);
    const word = delta >= 0 ? 'better' : 'worse';
    lines.push(
      `Reference      ${metric} ${scoreText(score)}, ${word} by ${Math.abs(delta).toFixed(decimals)} ± ${pairedSE.toFixed(decimals)} (paired)`,
    );
  }
  const medal = grade.variant ? 'no medal: the data differ from those of the board' : MEDALS[grade.medal];
  lines.push(`Bundled board  rank ${grade.rank} of ${grade.entries}, ${medal}`);
  return lines;
}

const MEDALS: Readonly<Record<Grade['medal'], string>> = {
  gold: '🥇 gold',
  silver: '🥈 silver',
  bronze: '🥉 bronze',
  none: 'no medal',
};

function printDetached({ run }: EndingFacts): void {
  progress(`\nThe run goes on without this window. Come back with \`automlgen watch ${run.runId}\`,`);
  progress('end it with its results by `automlgen finish`, or drop it with `automlgen cancel`.');
}
