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

/** Columns to predict: all but the id; some submissions also repeat several columns of the test table. */
export function askedColumns({ train, test, sample }: FolderFacts): readonly string[] {
  const columns = sample?.columns ?? [];
  const repeated = columns.filter((name) => test.columns.includes(name) && train.columns.includes(name));
  const given = repeated.filter((name) => cellsOf(test, name).some((cell) => cell.trim() !== ''));
  return given.length > 1 ? columns.filter((name) => !given.includes(name)) : columns.slice(1);
}

/** The cells of a column, in the order of the rows. */
export function cellsOf(table: CsvHead, name: string): readonly string[] {
  const column = table.columns.indexOf(name);
  return table.rows.map((row) => row[column] ?? '');
}
