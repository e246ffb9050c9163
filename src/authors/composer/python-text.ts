/** Small pieces of Python text: literals, blocks, import lists. */
import type { ParameterValue } from './plan.js';

const WIDTH = 100;

export function literal(value: ParameterValue): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return JSON.stringify(value);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

export function indent(lines: readonly string[], by = 4): readonly string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line));
}

/** `head` + items + `tail` on one line if it fits, else several items to a line. */
export function sequence(head: string, items: readonly string[], tail: string): readonly string[] {
  const line = `${head}${items.join(', ')}${tail}`;
  if (line.length <= WIDTH) return [line];
  const rows: string[] = [];
  let row = '   ';
  for (const item of items) {
    if (row.length + item.length + 2 > WIDTH && row.trim() !== '') {
      rows.push(row);
      row = '   ';
    }
    row += ` ${item},`;
  }
  return [head, ...rows, row, tail];
}

/** A call whose arguments may span lines: on one line if it fits, else one argument to a block. */
export function call(head: string, args: readonly (readonly string[])[], tail = ')'): readonly string[] {
  const flat = args.every((lines) => lines.length === 1);
  const line = `${head}${args.map((lines) => lines[0] ?? '').join(', ')}${tail}`;
  if (flat && line.length <= WIDTH) return [line];
  return [head, ...args.flatMap((lines) => indent(withComma(lines))), tail];
}

function withComma(lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => (index === lines.length - 1 ? `${line},` : line));
}

/** Prefix the first and suffix the last line of an expression. */
export function around(prefix: string, lines: readonly string[], suffix: string): readonly string[] {
  return lines.map((line, index) => (index === 0 ? prefix : '') + line + (index === lines.length - 1 ? suffix : ''));
}

/** Imports merged and ordered as isort does: the standard library, then the rest; plain imports and `from` by module. */
export function imports(lines: readonly string[]): readonly string[] {
  const plain = new Set<string>();
  const from = new Map<string, Set<string>>();
  for (const line of lines.map((each) => each.trim()).filter(Boolean)) {
    const match = /^from (\S+) import (.+)$/.exec(line);
    if (match === null) plain.add(line);
    else {
      const module = match[1] ?? '';
      const names = from.get(module) ?? new Set<string>();
      for (const name of (match[2] ?? '').split(',')) names.add(name.trim());
      from.set(module, names);
    }
  }
  const statements = [
    ...[...plain].map((line) => ({ module: line.split(' ')[1] ?? '', lines: [line], plain: true })),
    ...[...from].map(([module, names]) => ({
      module,
      lines: fromImport(module, [...names].sort(byName)),
      plain: false,
    })),
  ].sort((a, b) => Number(b.plain) - Number(a.plain) || (a.module.toLowerCase() < b.module.toLowerCase() ? -1 : 1));
  const standard = statements.filter((each) => STANDARD.has(each.module.split('.')[0] ?? ''));
  const others = statements.filter((each) => !standard.includes(each));
  return [
    ...standard.flatMap((each) => each.lines),
    ...(standard.length > 0 && others.length > 0 ? [''] : []),
    ...others.flatMap((each) => each.lines),
  ];
}

const STANDARD = new Set(['pathlib', 're', 'math', 'itertools', 'functools', 'collections', 'os']);

/** Constants, classes, functions: the order in which isort lists imported names. */
function byName(a: string, b: string): number {
  const rank = (name: string): number => (/^[A-Z][A-Z0-9_]*$/.test(name) ? 0 : /^[A-Z]/.test(name) ? 1 : 2);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function fromImport(module: string, names: readonly string[]): readonly string[] {
  const line = `from ${module} import ${names.join(', ')}`;
  if (line.length <= WIDTH) return [line];
  return [`from ${module} import (`, ...names.map((name) => `    ${name},`), ')'];
}
