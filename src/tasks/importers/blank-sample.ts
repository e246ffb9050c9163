/** The form of a sample submission that no program may see as it is: ids and columns stay, every other cell is blanked. */
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { stringify } from './csv-text.js';

/** Columns of numbers become 0, others empty, so that nothing but the ids of the test rows is told. */
export async function blankSample(path: string, idColumns: readonly string[]): Promise<string> {
  const rows: Record<string, string>[] = parse(await readFile(path, 'utf8'), { columns: true, skip_empty_lines: true });
  const columns = Object.keys(rows[0] ?? {});
  const blanks = new Map(
    columns.filter((name) => !idColumns.includes(name)).map((name) => [name, blankOf(rows, name)]),
  );
  return stringify(
    columns,
    rows.map((row) => columns.map((name) => blanks.get(name) ?? row[name] ?? '')),
  );
}

/** Only the ids, as a table to predict where the competition has none. */
export async function idsOnly(path: string, idColumns: readonly string[]): Promise<string> {
  const rows: Record<string, string>[] = parse(await readFile(path, 'utf8'), { columns: true, skip_empty_lines: true });
  return stringify(
    idColumns,
    rows.map((row) => idColumns.map((name) => row[name] ?? '')),
  );
}

/** Row numbers in place of ids. */
export async function numberedSample(path: string, column: string, columns: readonly string[]): Promise<string> {
  const rows: Record<string, string>[] = parse(await readFile(path, 'utf8'), { columns: true, skip_empty_lines: true });
  return stringify(
    [column, ...columns],
    rows.map((_, index) => [String(index), ...columns.map((name) => blankOf(rows, name))]),
  );
}

function blankOf(rows: readonly Record<string, string>[], name: string): string {
  return rows.every((row) => Number.isFinite(Number(row[name]))) ? '0' : '';
}
