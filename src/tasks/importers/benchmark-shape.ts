/** What a competition predicts, from the columns of its three tables. */
import type { CsvHead } from '../csv-head.js';

export interface SubmissionForm {
  /** Columns that carry an id, or repeat what the test table says. */
  readonly idColumns: readonly string[];
  /** Columns to predict. */
  readonly columns: readonly string[];
}

export type Shape =
  | {
      readonly kind: 'table';
      readonly target: string;
      readonly targets?: readonly string[];
      readonly idColumn?: string;
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Columns that the test table has are given, the rest is asked for; without a test table the first column is the id. */
export function submissionForm(sample: CsvHead, test: CsvHead | undefined): SubmissionForm {
  const given = test === undefined ? [] : sample.columns.filter((name) => test.columns.includes(name));
  const idColumns = given.length > 0 ? given : sample.columns.slice(0, 1);
  return { idColumns, columns: sample.columns.filter((name) => !idColumns.includes(name)) };
}

/** One column, several columns, or one whose values are the columns of the submission. */
export function shapeOf(train: CsvHead | undefined, test: CsvHead | undefined, form: SubmissionForm): Shape {
  if (train === undefined) return { kind: 'unknown', reason: 'There is no labelled table.' };
  const [first] = form.columns;
  if (first === undefined) return { kind: 'unknown', reason: 'The sample submission asks for no column.' };
  const id = form.idColumns.length === 1 ? { idColumn: form.idColumns[0] as string } : {};
  const labels = train.columns.filter((name) => !(test?.columns ?? form.idColumns).includes(name));
  if (form.columns.every((name) => labels.includes(name))) {
    return form.columns.length === 1
      ? { kind: 'table', target: first, ...id }
      : { kind: 'table', target: first, targets: form.columns, ...id };
  }
  const byClass = labels.filter((name) => form.columns.length > 1 && hasClasses(train, name, form.columns));
  const [labelled] = byClass;
  if (labelled !== undefined && byClass.length === 1) return { kind: 'table', target: labelled, ...id };
  const [only] = labels;
  if (form.columns.length === 1 && only !== undefined && labels.length === 1) {
    return { kind: 'table', target: only, ...id };
  }
  return {
    kind: 'unknown',
    reason: `The submission asks for ${form.columns.slice(0, 4).join(', ')}${form.columns.length > 4 ? ', …' : ''}, which no column of the labelled table gives.`,
  };
}

function hasClasses(train: CsvHead, name: string, classes: readonly string[]): boolean {
  const column = train.columns.indexOf(name);
  const values = [...new Set(train.rows.map((row) => row[column] ?? ''))];
  return (
    values.length > 1 &&
    values.every((value) => classes.some((label) => label === value || label.endsWith(`_${value}`)))
  );
}
