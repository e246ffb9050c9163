/**
 * Whether a text looks like Python, before anything is paid to run it. A parser for editors and a scan of lines, not Python itself: a
 * complaint is a reason to ask once more, never to give up. Python decides in the sandbox.
 */
import { parser } from '@lezer/python';
import { type LogicalLine, logicalLines } from './logical-lines.js';

export interface SyntaxProblem {
  /** From 1. */
  readonly line: number;
  readonly what: string;
}

const MOST_PROBLEMS = 5;

/** In the order of lines, at most five: what follows an error is often only its echo. */
export function syntaxProblems(text: string): readonly SyntaxProblem[] {
  const program = text.replace(/^\uFEFF/, '').replace(/^[ \t]*\f+/gm, '');
  if (program.trim() === '') return [{ line: 1, what: 'the program is empty' }];
  const { lines, open } = logicalLines(program);
  const found = [
    ...(open ? [{ line: open.line, what: `a ${open.what} is opened and never closed: ${open.text}` }] : []),
    ...indentProblems(lines, open?.line ?? Number.POSITIVE_INFINITY),
    ...lines.flatMap(oldStatement),
    ...parseProblems(program, lines),
  ];
  return found.sort((one, other) => one.line - other.line).slice(0, MOST_PROBLEMS);
}

/** A line opens a block when it ends with a colon; only then may, and must, the next one stand further to the right. The first problem. */
function indentProblems(lines: readonly LogicalLine[], until: number): readonly SyntaxProblem[] {
  let blocks: readonly number[] = [0];
  let opens = false;
  for (const { line, indent, code } of lines) {
    if (line >= until) return [];
    const inner = blocks.at(-1) ?? 0;
    const what = misplaced(indent, inner, opens, blocks);
    if (what !== undefined) return [{ line, what }];
    blocks = indent > inner ? [...blocks, indent] : blocks.filter((block) => block <= indent);
    opens = code.endsWith(':');
  }
  return opens && until === Number.POSITIVE_INFINITY
    ? [{ line: lines.at(-1)?.line ?? 1, what: 'the program ends where a block should begin' }]
    : [];
}

function misplaced(indent: number, inner: number, opens: boolean, blocks: readonly number[]): string | undefined {
  if (opens && indent <= inner) return 'an indented block is expected after the colon above';
  if (!opens && indent > inner) return 'the line is indented without reason';
  return indent <= inner && !blocks.includes(indent) ? 'the indentation fits no block above' : undefined;
}

function oldStatement({ line, code }: LogicalLine): readonly SyntaxProblem[] {
  if (/^(print|exec) +(?!(in|is|and|or|if|not)\b)["\p{L}\p{N}]/u.test(code)) {
    return [{ line, what: 'print is a function and needs parentheses' }];
  }
  return [];
}

function parseProblems(program: string, lines: readonly LogicalLine[]): readonly SyntaxProblem[] {
  const problems = new Map<number, SyntaxProblem>();
  let next = 0;
  parser.parse(program).iterate({
    enter({ type, from, to }) {
      if (!type.isError || problems.size === MOST_PROBLEMS) return;
      while ((lines[next]?.from ?? Number.POSITIVE_INFINITY) <= from) next += 1;
      const at = lines[next - 1];
      if (at === undefined || UNKNOWN_TO_THE_PARSER.some((pattern) => pattern.test(at.code))) return;
      const near =
        program
          .slice(Math.max(at.from, from - 30), to + 30)
          .split('\n')[0]
          ?.trim() ?? '';
      if (!problems.has(at.line))
        problems.set(at.line, { line: at.line, what: `invalid syntax near: ${near || at.code.slice(0, 60)}` });
    },
  });
  return [...problems.values()];
}

/** Valid Python that this grammar has no rule for, by the code of a logical line. */
const UNKNOWN_TO_THE_PARSER: readonly RegExp[] = [
  /^(async )?with ?\(/,
  /^@/,
  /\[[^\]]*\*/,
  /\* ?\w+ ?: ?\*/,
  /^(class|def|async def|type) \w+ ?\[/,
  /\blambda\b.*\byield\b/,
  /^yield$/,
];
