/**
 * Cuts Python source into logical lines, as its tokenizer does: strings, comments, brackets and continued lines understood, nothing else.
 * The grammar that `syntax.ts` parses with mends what it does not understand; what it mends silently is found here.
 */

export interface LogicalLine {
  /** Of the first token, from 1. */
  readonly line: number;
  /** Offset of the first token in the source. */
  readonly from: number;
  /** Columns before the first token, a tab up to the next multiple of eight. */
  readonly indent: number;
  /** Code without comments; every string is two quotes, so that patterns do not match inside. */
  readonly code: string;
}

export interface Scanned {
  readonly lines: readonly LogicalLine[];
  /** What is opened and never closed, the first such; the line that holds it is the last. */
  readonly open?: { readonly what: 'string' | 'bracket'; readonly line: number; readonly text: string };
}

/**
 * A quote that no string alternative takes opens a string that does not end. Formatted strings need no rule of their own: quotes within
 * their fields come in pairs.
 */
const TOKEN = new RegExp(
  [
    '(?<skip>#[^\\n]*|\\\\\\r?\\n|[ \\t\\f]+)',
    '(?<string>[rRbBuUfFtT]{0,2}(?:"""(?:\\\\[^]|(?!""")[^\\\\])*"""|\'\'\'(?:\\\\[^]|(?!\'\'\')[^\\\\])*\'\'\'|"(?!"")(?:\\\\[^]|[^"\\\\\\n])*"|\'(?!\'\')(?:\\\\[^]|[^\'\\\\\\n])*\'))',
    '(?<quote>["\'])',
    '(?<opening>[([{])',
    '(?<closing>[)\\]}])',
    '(?<end>\\r?\\n)',
    '[\\p{L}\\p{N}_]+|[^]',
  ].join('|'),
  'gu',
);

export function logicalLines(source: string): Scanned {
  const placeOf = placesIn(source);
  const lines: LogicalLine[] = [];
  const brackets: number[] = [];
  let from: number | undefined;
  let code = '';
  const begun = (at: number): LogicalLine => ({ ...placeOf(at), from: at, code: code.trim() });
  for (const { 0: text, index, groups = {} } of `${source}\n`.matchAll(TOKEN)) {
    if (groups.quote !== undefined) {
      return { lines: [...lines, begun(from ?? index)], open: opened('string', source, index, placeOf) };
    }
    follow(brackets, groups, index);
    const spelling = spelt(text, groups);
    if (spelling !== ' ') from ??= index;
    code += spelling;
    if (groups.end === undefined || brackets.length > 0) continue;
    if (from !== undefined) lines.push(begun(from));
    [from, code] = [undefined, ''];
  }
  const [unclosed] = brackets;
  if (unclosed !== undefined) {
    return { lines: [...lines, begun(from ?? unclosed)], open: opened('bracket', source, unclosed, placeOf) };
  }
  return { lines };
}

function follow(
  brackets: number[],
  { opening, closing }: Readonly<Record<string, string | undefined>>,
  at: number,
): void {
  if (opening !== undefined) brackets.push(at);
  if (closing !== undefined) brackets.pop();
}

function spelt(text: string, groups: Readonly<Record<string, string | undefined>>): string {
  if (groups.end !== undefined || groups.skip !== undefined) return ' ';
  return groups.string === undefined ? text : '""';
}

type Place = Pick<LogicalLine, 'line' | 'indent'>;

function opened(
  what: 'string' | 'bracket',
  source: string,
  at: number,
  placeOf: (at: number) => Place,
): NonNullable<Scanned['open']> {
  const [text = ''] = source.slice(at, at + 80).split('\n');
  return { what, line: placeOf(at).line, text };
}

/** Lines and columns of offsets. */
function placesIn(source: string): (at: number) => Place {
  const starts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (at) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle;
    }
    return { line: low + 1, indent: columnsOf(source.slice(starts[low], at)) };
  };
}

function columnsOf(space: string): number {
  let columns = 0;
  for (const letter of space) {
    if (letter === '\t') columns += 8 - (columns % 8);
    else columns = letter === '\f' ? 0 : columns + 1;
  }
  return columns;
}
