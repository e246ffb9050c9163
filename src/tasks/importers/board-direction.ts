/** Which way a leaderboard is better, as MLE-bench derives it: its first score against its last. */
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Direction } from '../../domain/metric.js';

/** Nothing for a file that is no board, and for a board that begins and ends with the same score. */
export async function boardDirection(path: string | undefined): Promise<Direction | undefined> {
  const text = path === undefined ? '' : await readFile(path, 'utf8').catch(() => '');
  const scores = scoresIn(text);
  const [first, last] = [scores[0], scores.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  return first < last ? 'minimise' : 'maximise';
}

function scoresIn(text: string): readonly number[] {
  try {
    const rows: Record<string, string>[] = parse(text, {
      columns: true,
      skip_empty_lines: true,
      relax_column_count: true,
    });
    return rows.flatMap(({ score = '' }) => (score === '' || Number.isNaN(Number(score)) ? [] : [Number(score)]));
  } catch {
    return [];
  }
}
