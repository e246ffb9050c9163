/** Practice results as a Markdown table. */

import { decimalsFor, durationText, scoreText } from '../../results/number.js';
import type { PracticeRow } from '../practice-run.js';

const HEAD = [
  'competition',
  'seed',
  'metric',
  'budget',
  'baseline',
  'reference',
  'best single (hidden rows)',
  'final (private test)',
  'better than reference',
  'board',
  'programs',
  'failed',
  'slots busy',
  'events / node',
  'KB / node',
];

export function practiceTable(rows: readonly PracticeRow[]): string {
  const lines = [HEAD, HEAD.map(() => '---'), ...rows.map(rowOf)].map((cells) => `| ${cells.join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}

function rowOf(row: PracticeRow): readonly string[] {
  const { grade } = row;
  const failures = Object.entries(row.failures).map(([kind, count]) => `${count} ${kind}`);
  return [
    row.competition,
    String(row.builderSeed),
    row.metric,
    durationText(row.budgetSeconds * 1000),
    grade ? scoreText(grade.baseline) : '',
    grade?.reference ? scoreText(grade.reference.score) : '',
    row.bestSingle ? scoreText(row.bestSingle) : '',
    grade ? `**${scoreText(grade.score)}** (${row.chosen})` : '',
    grade?.reference ? gainText(grade.reference.delta, grade.reference.pairedSE) : '',
    grade ? `${grade.rank} of ${grade.entries}${grade.medal === 'none' ? '' : `, ${grade.medal}`}` : '',
    String(row.nodes.valid + row.nodes.failed),
    failures.length > 0 ? failures.join(', ') : '0',
    `${Math.round(row.utilisation * 100)} %`,
    row.eventsPerNode.toFixed(1),
    (row.bytesPerNode / 1024).toFixed(1),
  ];
}

function gainText(delta: number, pairedSE: number): string {
  const decimals = decimalsFor(pairedSE);
  return `${delta.toFixed(decimals)} ± ${pairedSE.toFixed(decimals)} (${(delta / pairedSE).toFixed(1)} SE)`;
}
