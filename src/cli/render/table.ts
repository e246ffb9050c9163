/** Tables for a terminal: columns padded to their widest cell, numbers to the right. */
import { styleText } from 'node:util';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Lines without trailing spaces; the head is dimmed where the terminal has colours. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = columns.map((column, index) =>
    Math.max(width(column.title), ...rows.map((row) => width(row[index] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, index) => pad(cells[index] ?? '', widths[index] ?? 0, column.align ?? 'left'))
      .join('  ')
      .trimEnd();
  return [dim(line(columns.map((column) => column.title))), ...rows.map(line)];
}

/** Visible characters of a text that may hold colour codes. */
export function width(text: string): number {
  return [...text.replace(COLOUR, '')].length;
}

export function pad(text: string, to: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, to - width(text)));
  return align === 'left' ? text + space : space + text;
}

/** Cuts to `to` visible characters, with an ellipsis when something was cut. Colours are dropped from a cut text. */
export function cut(text: string, to: number): string {
  if (width(text) <= to) return text;
  return `${[...text.replace(COLOUR, '')].slice(0, Math.max(0, to - 1)).join('')}…`;
}

export function dim(text: string): string {
  return styleText('dim', text);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with the escape character
const COLOUR = /\u001b\[[0-9;]*m/g;
