/** What each part is worth, as a Markdown table. */
import type { PartResult } from '../ablation.js';
import { markdownTable } from './practice-table.js';

const HEAD = [
  'without',
  'pairs',
  'whole better',
  'equal',
  'worse',
  'worth in points of the board (95 %)',
  'incomplete',
];

export function ablationTable(results: readonly PartResult[]): string {
  return markdownTable(HEAD, results.map(rowOf));
}

function rowOf({ without, pairs, better, equal, worse, points, onBoard, incomplete }: PartResult): readonly string[] {
  const interval = points && onBoard > 1 ? `[${signed(points.low)}, ${signed(points.high)}]` : '(one pair)';
  const worth = points ? `${signed(points.mean)} ${interval}` : '';
  return [without, `${pairs}`, `${better}`, `${equal}`, `${worse}`, worth, `${incomplete}`];
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
}
