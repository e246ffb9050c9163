/** Results go to stdout, progress to stderr; `--json` prints one JSON document and nothing else on stdout. */
import { type Column, tableLines } from './render/table.js';

export interface OutputOptions {
  readonly json?: boolean;
}

export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

export function printTable(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  for (const line of tableLines(columns, rows)) console.log(line);
}

export function progress(text: string): void {
  console.error(text);
}
