/** Lines by importance, as many as fit, in their own order, with a note in each gap. */
import type { CountTokens } from './budgeted.js';

/** Lines this long are cut: a dump of numbers or a picture as text says nothing after its beginning. */
const LONGEST_LINE = 600;

/** Takes lines by descending rank (equal ranks: earlier first) while they fit; lines of rank 0 never. */
export function bestLines(
  lines: readonly string[],
  rankOf: (line: string, index: number) => number,
  tokens: number,
  count: CountTokens,
): string {
  const short = lines.map(clipped);
  const order = short
    .map((line, index) => ({ index, rank: rankOf(line, index) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank || a.index - b.index);
  const taken = new Set<number>();
  const isOpen = (index: number): number => (index >= 0 && index < short.length && !taken.has(index) ? 1 : 0);
  // What is left out is one gap at first; a line in its middle makes it two, one at its end leaves it one.
  let left = tokens - GAP_TOKENS;
  for (const { index } of order) {
    const cost = count(`${short[index]}\n`) + (isOpen(index - 1) + isOpen(index + 1) - 1) * GAP_TOKENS;
    if (cost > left) continue;
    left -= cost;
    taken.add(index);
  }
  return withGaps(short, taken);
}

/** The beginning, as whole lines. */
export function headView(text: string, tokens: number, count: CountTokens): string {
  const lines = text.split('\n');
  return bestLines(lines, (_, index) => lines.length - index, tokens, count);
}

const GAP_TOKENS = 7;

function withGaps(lines: readonly string[], taken: ReadonlySet<number>): string {
  if (taken.size === 0) return '';
  const shown: string[] = [];
  let missing = 0;
  lines.forEach((line, index) => {
    if (!taken.has(index)) missing += 1;
    else {
      if (missing > 0) shown.push(gap(missing));
      shown.push(line);
      missing = 0;
    }
  });
  if (missing > 0) shown.push(gap(missing));
  return shown.join('\n');
}

function gap(lines: number): string {
  return `[… ${lines} ${lines === 1 ? 'line' : 'lines'}]`;
}

export function clipped(line: string): string {
  return line.length <= LONGEST_LINE
    ? line
    : `${line.slice(0, LONGEST_LINE)} [… ${line.length - LONGEST_LINE} characters]`;
}
