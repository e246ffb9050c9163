/** Gives a submission of numbered rows the columns that the benchmark asks for. */
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { BenchmarkPlan } from '../tasks/importers/benchmark-plan.js';
import { stringify } from '../tasks/importers/csv-text.js';

/**
 * The text of the submission with the sample's columns in the sample's order; nothing where the submission is to be taken as it is:
 * its competition has ids, it has its own columns already, or its rows are not those that were numbered.
 */
export async function completedSubmission(plan: BenchmarkPlan, path: string): Promise<string | undefined> {
  if (plan.rowNumbers === undefined) return undefined;
  const { column, sample } = plan.rowNumbers;
  const [given, form] = await Promise.all([rowsOf(path), rowsOf(sample)]);
  const columns = Object.keys(form[0] ?? {});
  const byNumber = new Map(given.map((row) => [row[column], row]));
  const fits = given.length === form.length && form.every((_, index) => byNumber.has(String(index)));
  if (!fits || columns.every((name) => name in (given[0] ?? {}))) return undefined;
  return stringify(
    columns,
    form.map((row, index) =>
      columns.map((name) => (plan.columns.includes(name) ? byNumber.get(String(index))?.[name] : row[name]) ?? ''),
    ),
  );
}

async function rowsOf(path: string): Promise<readonly Record<string, string>[]> {
  try {
    return parse(await readFile(path, 'utf8'), { columns: true, skip_empty_lines: true });
  } catch {
    return [];
  }
}
