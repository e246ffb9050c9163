/** Practice results as a Markdown table. */

import type { Grade } from '../../domain/evaluation.js';
import { markdownRows } from '../../results/markdown.js';
import { decimalsFor, durationText, scoreText } from '../../results/number.js';
import { isFailure, type PracticeEntry, type PracticeFailure, type PracticeRow } from '../practice-log.js';

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

export function practiceTable(entries: readonly PracticeEntry[]): string {
  const rows = entries.map((entry) => (isFailure(entry) ? failureRow(entry) : rowOf(entry)));
  return markdownTable(HEAD, rows);
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return `${markdownRows(head, rows).join('\n')}\n`;
}

/** The reason stands where the private score would. */
function failureRow({ competition, builderSeed, budgetSeconds, failed }: PracticeFailure): readonly string[] {
  const reason = `failed: ${failed.message}${failed.code === undefined ? '' : ` [${failed.code}]`}`;
  const known = [competition, String(builderSeed), '', durationText(budgetSeconds * 1000)];
  const at = HEAD.indexOf('final (private test)');
  return HEAD.map((_, index) => known[index] ?? (index === at ? reason.replace(/[|\s]+/g, ' ') : ''));
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
    grade ? placeText(grade) : '',
    String(row.nodes.valid + row.nodes.failed),
    failures.length > 0 ? failures.join(', ') : '0',
    `${Math.round(row.utilisation * 100)} %`,
    row.eventsPerNode.toFixed(1),
    (row.bytesPerNode / 1024).toFixed(1),
  ];
}

/** A board that was recorded on other data gives a place to nobody. */
function placeText({ rank, entries, medal, variant }: Grade): string {
  if (variant) return 'none: other data';
  return `${rank} of ${entries}${medal === 'none' ? '' : `, ${medal}`}`;
}

function gainText(delta: number, pairedSE: number): string {
  const decimals = decimalsFor(pairedSE);
  const ratio = pairedSE > 0 ? ` (${(delta / pairedSE).toFixed(1)} SE)` : '';
  return `${delta.toFixed(decimals)} ± ${pairedSE.toFixed(decimals)}${ratio}`;
}
