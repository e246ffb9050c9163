/** One line for each competition over its builder seeds: how often, and by how much, the reference program was beaten. */

import { decimalsFor } from '../../results/number.js';
import { isFailure, type PracticeEntry, type PracticeRow } from '../practice-log.js';
import { markdownTable } from './practice-table.js';

const HEAD = [
  'competition',
  'metric',
  'runs',
  'failed',
  'better than reference: mean (least to most)',
  'better / equal / worse',
  'medals',
];

/**
 * Better and worse: by more than one paired standard error. No standard error is given for the mean: the private rows of two builder
 * seeds overlap, so that the runs are not independent.
 */
export function practiceSummary(entries: readonly PracticeEntry[]): string {
  const names = [...new Set(entries.map((entry) => entry.competition))];
  return markdownTable(
    HEAD,
    names.map((name) =>
      lineOf(
        name,
        entries.filter((entry) => entry.competition === name),
      ),
    ),
  );
}

function lineOf(name: string, entries: readonly PracticeEntry[]): readonly string[] {
  const rows = entries.filter((entry): entry is PracticeRow => !isFailure(entry));
  const references = rows.flatMap((row) => (row.grade?.reference ? [row.grade.reference] : []));
  const gains = references.map((reference) => reference.delta);
  const better = references.filter(({ delta, pairedSE }) => delta > pairedSE).length;
  const worse = references.filter(({ delta, pairedSE }) => delta < -pairedSE).length;
  const medals = rows.filter(({ grade }) => grade && !grade.variant && grade.medal !== 'none').length;
  return [
    name,
    rows[0]?.metric ?? '',
    String(rows.length),
    String(entries.length - rows.length),
    gains.length === 0 ? '' : rangeText(gains, Math.min(...references.map(({ pairedSE }) => pairedSE))),
    gains.length === 0 ? '' : `${better} / ${gains.length - better - worse} / ${worse}`,
    String(medals),
  ];
}

function rangeText(gains: readonly number[], standardError: number): string {
  const decimals = decimalsFor(standardError);
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const [least, most] = [Math.min(...gains), Math.max(...gains)];
  return `${mean.toFixed(decimals)} (${least.toFixed(decimals)} to ${most.toFixed(decimals)})`;
}
