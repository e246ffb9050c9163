/** What a folder shows before anything is guessed: the heads of its tables, and its description. */
import type { CsvHead } from './csv-head.js';

export interface FolderFacts {
  readonly folder: string;
  readonly train: CsvHead;
  readonly test: CsvHead;
  readonly sample: CsvHead | undefined;
  readonly description: string | undefined;
}

export interface Reasoned<T> {
  readonly value: T;
  readonly reason: string;
}

/** The cells of a column, in the order of the rows. */
export function cellsOf(table: CsvHead, name: string): readonly string[] {
  const column = table.columns.indexOf(name);
  return table.rows.map((row) => row[column] ?? '');
}
