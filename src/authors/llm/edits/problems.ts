/** Why edits could not be applied, in words that let a model do it right the second time. */
import type { Edit } from '../replies.js';

export type EditProblem =
  | { readonly kind: 'none' }
  | { readonly kind: 'no-change' }
  | { readonly kind: 'too-many'; readonly most: number }
  | { readonly kind: 'empty'; readonly edit: number }
  | { readonly kind: 'not-found'; readonly edit: number; readonly search: string; readonly nearest?: Nearest }
  | { readonly kind: 'ambiguous'; readonly edit: number; readonly search: string; readonly lines: readonly number[] };

/** The stretch of the program that is most like what was searched. */
export interface Nearest {
  /** 1 for the first line. */
  readonly line: number;
  readonly text: string;
  /** Lines of the search that are not there, as searched. */
  readonly differing: readonly string[];
}

/** Of more problems than this only the number is told. */
export const MOST_TOLD = 6;
const MOST_LINES = 12;
/** Lines by whose letters stretches are compared. */
const COMPARED = 3;
const LONGEST_LINE = 200;

/** `index` counts from 0; `shown` is the program that the model had before it. */
export function editProblem(
  index: number,
  { search }: Edit,
  kind: 'empty' | 'not-found' | 'ambiguous',
  shown: readonly string[],
): EditProblem {
  const edit = index + 1;
  if (kind === 'empty') return { kind, edit };
  const wanted = search.split(/\r\n?|\n/).filter((line) => line.trim() !== '');
  const quoted = clipped(wanted).join('\n');
  if (kind === 'ambiguous') return { kind, edit, search: quoted, lines: placesOf(wanted, shown) };
  const nearest = nearestTo(wanted, shown);
  return { kind, edit, search: quoted, ...(nearest && { nearest }) };
}

/** One paragraph for each problem. */
export function tellProblems(problems: readonly EditProblem[]): string {
  const told = problems.slice(0, MOST_TOLD).map(tell);
  const left = problems.length - told.length;
  return [...told, ...(left > 0 ? [`${left} more edits could not be applied.`] : [])].join('\n\n');
}

function tell(problem: EditProblem): string {
  switch (problem.kind) {
    case 'none':
      return 'There was no edit in the reply.';
    case 'no-change':
      return 'With these edits the program stays as it is: every replacement equals what it replaces.';
    case 'too-many':
      return `More than ${problem.most} edits: join those that are close to each other.`;
    case 'empty':
      return `Edit ${problem.edit} searches nothing. To insert lines, search the line before them and repeat it in the replacement.`;
    case 'ambiguous':
      return `Edit ${problem.edit}: what it searches is there ${times(problem.lines.length)}${
        problem.lines.length > 0 ? `, at lines ${problem.lines.slice(0, 8).join(', ')}` : ''
      }. Add lines before or after until it is there once.\nSearched:\n${problem.search}`;
    case 'not-found':
      return `Edit ${problem.edit}: what it searches is not in the program.\nSearched:\n${problem.search}\n${tellNearest(problem.nearest)}`;
  }
}

function times(count: number): string {
  return count > 1 ? `${count} times` : 'more than once';
}

function tellNearest(nearest: Nearest | undefined): string {
  if (nearest === undefined) return 'No line of it is there.';
  const differing = nearest.differing.length === 0 ? '' : `\nNot there as searched:\n${nearest.differing.join('\n')}`;
  return `Most like it, from line ${nearest.line} on:\n${nearest.text}${differing}`;
}

function placesOf(wanted: readonly string[], shown: readonly string[]): readonly number[] {
  const [first = ''] = wanted;
  return shown.flatMap((line, k) => (line.includes(first.trim()) ? [k + 1] : []));
}

/** The window with the most lines in common; among equals, the one whose first line is closest by its letters. */
function nearestTo(wanted: readonly string[], shown: readonly string[]): Nearest | undefined {
  const lines = wanted.slice(0, 100).map((line) => line.trim());
  if (lines.length === 0) return undefined;
  const bare = shown.map((line) => line.trim());
  const set = new Set(lines);
  const head = (text: readonly string[]): string => text.slice(0, COMPARED).join('\n').slice(0, LONGEST_LINE);
  const pairs = pairsOf(head(lines));
  let best = { at: -1, common: 0, alike: 0.4 };
  for (let at = 0; at < bare.length; at += 1) {
    const window = bare.slice(at, at + lines.length);
    const common = window.filter((line) => line !== '' && set.has(line)).length;
    if (common < best.common) continue;
    const alike = likeness(pairs, pairsOf(head(window)));
    if (common > best.common || alike > best.alike) best = { at, common, alike };
  }
  if (best.at < 0) return undefined;
  const window = shown.slice(best.at, best.at + lines.length);
  const there = new Set(window.map((line) => line.trim()));
  return {
    line: best.at + 1,
    text: clipped(window).join('\n'),
    differing: clipped(lines.filter((line) => !there.has(line))),
  };
}

/** Pairs of neighbouring letters with their counts. */
function pairsOf(text: string): ReadonlyMap<string, number> {
  const pairs = new Map<string, number>();
  for (let k = 0; k + 1 < text.length; k += 1) {
    const pair = text.slice(k, k + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

/** Dice's coefficient, 0 to 1. */
function likeness(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  let common = 0;
  for (const [pair, count] of one) common += Math.min(count, other.get(pair) ?? 0);
  const total = [...one.values(), ...other.values()].reduce((sum, count) => sum + count, 0);
  return total === 0 ? 0 : (2 * common) / total;
}

function clipped(lines: readonly string[]): readonly string[] {
  const short = lines
    .slice(0, MOST_LINES)
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)} …` : line));
  return lines.length > MOST_LINES ? [...short, `… ${lines.length - MOST_LINES} more lines`] : short;
}
