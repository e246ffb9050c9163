/** What the Temporal UI shows about a suite, in Markdown. Costs no history events. */
import type { SuiteRow, SuiteStatus } from '../domain/suite.js';

/** Most rows that are shown: those that ended last, and those that run. */
const SHOWN = 60;

export function suiteDetails(status: SuiteStatus): string {
  const { rows, phase, title } = status;
  const count = (state: SuiteRow['state']): number => rows.filter((row) => row.state === state).length;
  const states = (['done', 'running', 'waiting', 'failed', 'lost', 'cancelled', 'skipped'] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${state}`);
  const lines = rows
    .filter((row) => row.state !== 'waiting')
    .slice(-SHOWN)
    .map(line);
  return [
    `**${phase}** · ${title} · ${states.join(', ')}`,
    '',
    '| competition | seed | state | score | medal |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

function line({ competition, seed, state, result, message }: SuiteRow): string {
  const score = result?.grade?.score ?? result?.estimate;
  const value = score === undefined || score === null ? (message ?? '') : String(Number(score.value.toPrecision(4)));
  return `| ${competition} | ${seed} | ${state} | ${value} | ${result?.grade?.medal ?? ''} |`;
}
