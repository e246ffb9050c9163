/**
 * Where a block of lines stands in a program. Four levels, each tried only when the one before finds nothing: whole lines exactly; a
 * part of one line, between words; whole lines but for trailing spaces and empty lines around the block; whole lines with another
 * indentation, which the replacement then takes on.
 */

/** Above this level something was forgiven. */
export const EXACT = 1;

export interface Place {
  /** Lines `from` up to `to`, not included, become `lines`. */
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

export interface Found {
  /** 0 for whole lines, and so on as above; infinite when there is none. */
  readonly level: number;
  readonly places: readonly Place[];
}

export function findBlock(lines: readonly string[], search: readonly string[], replace: readonly string[]): Found {
  const bare = { search: withoutEmptyEnds(search), replace: withoutEmptyEnds(replace) };
  const ways = [
    () => wholeLines(lines, search, replace, (one, other) => one === other),
    () => insideLine(lines, search, replace),
    () => wholeLines(lines, bare.search, bare.replace, (one, other) => one.trimEnd() === other.trimEnd()),
    () => reindented(lines, bare.search, bare.replace),
  ];
  for (const [k, way] of ways.entries()) {
    const places = way();
    if (places.length > 0) return { level: k, places };
  }
  return { level: Number.POSITIVE_INFINITY, places: [] };
}

function wholeLines(
  lines: readonly string[],
  search: readonly string[],
  replace: readonly string[],
  same: (one: string, other: string) => boolean,
): readonly Place[] {
  return startsOf(lines, search, same).map((from) => ({ from, to: from + search.length, lines: replace }));
}

/** Windows of `lines` that equal `search`, overlapping ones included. */
function startsOf(
  lines: readonly string[],
  search: readonly string[],
  same: (one: string, other: string) => boolean,
): readonly number[] {
  const starts: number[] = [];
  for (let from = 0; from + search.length <= lines.length; from += 1) {
    if (search.every((line, k) => same(lines[from + k] ?? '', line))) starts.push(from);
  }
  return starts;
}

/** One line of search inside a longer line, cut at the borders of words: `x = 1` is not in `max = 10`. */
function insideLine(lines: readonly string[], search: readonly string[], replace: readonly string[]): readonly Place[] {
  const [wanted, ...more] = search;
  if (wanted === undefined || more.length > 0 || wanted.trim() === '') return [];
  return lines.flatMap((line, at) =>
    occurrences(line, wanted).map((start) => {
      const [before, after] = [line.slice(0, start), line.slice(start + wanted.length)];
      const first = `${before}${replace[0] ?? ''}`;
      const inner =
        replace.length < 2 ? [`${first}${after}`] : [first, ...replace.slice(1, -1), `${replace.at(-1)}${after}`];
      return { from: at, to: at + 1, lines: inner };
    }),
  );
}

function occurrences(line: string, wanted: string): readonly number[] {
  const found: number[] = [];
  for (let at = line.indexOf(wanted); at >= 0; at = line.indexOf(wanted, at + 1)) {
    const inWord = (one: string | undefined, other: string | undefined): boolean => isWord(one) && isWord(other);
    const end = at + wanted.length;
    if (!inWord(line[at - 1], line[at]) && !inWord(line[end - 1], line[end])) found.push(at);
  }
  return found;
}

function isWord(letter: string | undefined): boolean {
  return letter !== undefined && /[\p{L}\p{N}_]/u.test(letter);
}

/** The same lines, all moved by the same amount. Nothing when the replacement has a line that cannot be moved so far to the left. */
function reindented(lines: readonly string[], search: readonly string[], replace: readonly string[]): readonly Place[] {
  const wanted = measured(search);
  const given = measured(lines);
  const first = wanted.find(({ text }) => text !== '');
  if (first === undefined) return [];
  const position = wanted.indexOf(first);
  const places: Place[] = [];
  for (let from = 0; from + wanted.length <= lines.length; from += 1) {
    const shift = (given[from + position]?.width ?? 0) - first.width;
    const fits = wanted.every(({ text, width }, k) => {
      const line = given[from + k];
      return line?.text === text && (text === '' || line.width === width + shift);
    });
    if (!fits) continue;
    const tabs = lines.slice(from, from + wanted.length).some((line) => line.startsWith('\t'));
    const moved = measured(replace).map(({ text, width }) => movedLine(text, width + shift, tabs));
    if (moved.every((line) => line !== undefined)) places.push({ from, to: from + wanted.length, lines: moved });
  }
  return places;
}

const TAB = 4;

function movedLine(text: string, width: number, tabs: boolean): string | undefined {
  if (text === '') return '';
  if (width < 0) return undefined;
  if (!tabs) return `${' '.repeat(width)}${text}`;
  return `${'\t'.repeat(Math.floor(width / TAB))}${' '.repeat(width % TAB)}${text}`;
}

/** Text without the space around it, and the columns it is indented by; a tab counts four. */
function measured(lines: readonly string[]): readonly { readonly text: string; readonly width: number }[] {
  return lines.map((line) => {
    const space = /^[ \t]*/.exec(line)?.[0] ?? '';
    const width = [...space].reduce((sum, letter) => sum + (letter === '\t' ? TAB : 1), 0);
    return { text: line.slice(space.length).trimEnd(), width };
  });
}

function withoutEmptyEnds(lines: readonly string[]): readonly string[] {
  const full = (line: string): boolean => line.trim() !== '';
  const first = lines.findIndex(full);
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex(full) + 1);
}
