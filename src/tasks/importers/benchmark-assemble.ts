/** From the files of a competition to a plan: what is predicted, by which metric, and whether our splitter can express it. */
import { join } from 'node:path';
import { type Direction, METRICS } from '../../domain/metric.js';
import { Task } from '../../domain/task.js';
import { idOf } from '../folder.js';
import type { BenchmarkPlan, DerivedTable, PlannedBenchmark } from './benchmark-plan.js';
import { type Shape, type SubmissionForm, shapeOf, submissionForm } from './benchmark-shape.js';
import { DESCRIPTIONS, type NamedTable, type PublicTables } from './benchmark-tables.js';
import { blankSample, idsOnly, numberedSample } from './blank-sample.js';
import { boardDirection } from './board-direction.js';
import type { MetricFinding } from './grading-code.js';

export interface CompetitionFiles {
  readonly benchmark: BenchmarkPlan['benchmark'];
  readonly competitionId: string;
  readonly title?: string;
  readonly publicFolder: string;
  readonly tables: PublicTables;
  /** A sample submission that lies among the private files. */
  readonly hiddenSample?: NamedTable & { readonly path: string };
  readonly answers?: string;
  readonly grader?: BenchmarkPlan['grader'];
  readonly metric: MetricFinding;
  readonly boards: readonly string[];
  readonly notes: readonly string[];
}

export async function assemble(files: CompetitionFiles): Promise<PlannedBenchmark> {
  const { tables, metric } = files;
  const sample = tables.sample ?? files.hiddenSample;
  const form = sample ? submissionForm(sample.head, tables.test?.head) : { idColumns: [], columns: [] };
  const shape = sample ? shapeOf(tables.train?.head, tables.test?.head, form) : noSample(files);
  const numbered = numberedRows(files, form);
  const derived = derivedTables(files, form, numbered);
  // What the board says is better counts where no metric of ours says it.
  const direction = metric.metric ? undefined : await boardDirection(files.boards[0]);
  const { task, notes } = taskOf(files, shape, form, derived, direction, numbered);
  const found = metric.metric;
  return {
    derived,
    plan: {
      benchmark: files.benchmark,
      competitionId: files.competitionId,
      publicFolder: files.publicFolder,
      ...(files.answers !== undefined && { answers: files.answers }),
      ...(files.grader && { grader: files.grader }),
      ...(found && { metric: found, direction: METRICS[found.name].direction }),
      idColumns: [...form.idColumns],
      columns: [...form.columns],
      ...(numbered && { rowNumbers: { column: ROW_NUMBER, sample: numbered } }),
      boards: [...files.boards],
      task,
      notes: [
        ...files.notes,
        ...tables.notes,
        ...metric.notes,
        ...notes,
        ...(files.answers === undefined ? ['There are no private answers beside it: it can be run, not graded.'] : []),
      ],
    },
  };
}

/** Without a sample the shape can still be told where one column alone is missing from the test table. */
function noSample({ tables }: CompetitionFiles): Shape {
  const { train, test } = tables;
  const only = train?.head.columns.filter((name) => test !== undefined && !test.head.columns.includes(name)) ?? [];
  const [target] = only;
  if (target !== undefined && only.length === 1) return { kind: 'table', target };
  return { kind: 'unknown', reason: 'There is no sample submission that can be read.' };
}

const ROW_NUMBER = 'row_id';
const NUMBERED_SAMPLE = 'sample_of_row_numbers.csv';
const NUMBERED_NOTE =
  'No single column is an id: rows are numbered for programs, and the answer gets its own columns back when it is graded.';

/** The path of a sample whose rows are those of the test table, in its order, told apart by several of its columns. */
function numberedRows({ tables, publicFolder }: CompetitionFiles, form: SubmissionForm): string | undefined {
  const { sample, test } = tables;
  if (sample === undefined || test === undefined || form.idColumns.length < 2 || form.columns.length === 0)
    return undefined;
  const keys = (table: NamedTable): string =>
    JSON.stringify(table.head.rows.map((row) => form.idColumns.map((name) => row[table.head.columns.indexOf(name)])));
  return isPlain(sample.name) && keys(sample) === keys(test) ? join(publicFolder, sample.name) : undefined;
}

/** Tables are made of samples that are not packed. */
function isPlain(name: string): boolean {
  return name.toLowerCase().endsWith('.csv');
}

function derivedTables(
  { tables, hiddenSample, publicFolder }: CompetitionFiles,
  form: SubmissionForm,
  numbered: string | undefined,
): DerivedTable[] {
  if (numbered !== undefined) {
    return [{ name: NUMBERED_SAMPLE, make: () => numberedSample(numbered, ROW_NUMBER, form.columns) }];
  }
  const path = tables.sample ? join(publicFolder, tables.sample.name) : hiddenSample?.path;
  if (path === undefined || !isPlain(path)) return [];
  const blank: DerivedTable[] = hiddenSample
    ? [{ name: hiddenSample.name, make: () => blankSample(path, form.idColumns) }]
    : [];
  if (tables.test !== undefined) return blank;
  const name = tables.entries.includes('test.csv') ? 'rows_to_predict.csv' : 'test.csv';
  return [...blank, { name, make: () => idsOnly(path, form.idColumns) }];
}

/** A task that nobody can hide rows of is scored by the program itself, and says so. */
function taskOf(
  files: CompetitionFiles,
  shape: Shape,
  form: SubmissionForm,
  derived: readonly DerivedTable[],
  direction: Direction | undefined,
  numbered: string | undefined,
): { readonly task: Task; readonly notes: readonly string[] } {
  const { tables, hiddenSample, metric } = files;
  const reason = scriptReason(shape, metric);
  const sample = numbered === undefined ? (tables.sample?.name ?? hiddenSample?.name) : NUMBERED_SAMPLE;
  const made = derived.find(({ name }) => name !== hiddenSample?.name && name !== NUMBERED_SAMPLE)?.name;
  const description = DESCRIPTIONS.find((name) => tables.entries.includes(name));
  const test = tables.test?.name ?? made;
  const options = metric.metric?.options;
  const task = Task.parse({
    id: idOf(files.competitionId),
    title: files.title ?? files.competitionId,
    ...(tables.train && { train: tables.train.name }),
    ...(test !== undefined && { test }),
    ...(sample !== undefined && { sample_submission: sample }),
    ...(description !== undefined && { description }),
    ...targetsOf(shape, form),
    metric: metric.metric?.name ?? 'custom',
    ...(direction && { direction }),
    ...(options && Object.keys(options).length > 0 && { metric_options: options }),
    ...(reason !== undefined && { ruler: 'script' }),
  });
  const notes = [
    ...(numbered === undefined ? [] : [NUMBERED_NOTE]),
    ...(reason === undefined ? [] : [`Self-reported scores (ruler "script"): ${reason}`]),
    ...(made === undefined
      ? []
      : [`${made} was made from the ids of the sample submission: the competition has no table to predict.`]),
  ];
  return { task, notes };
}

function targetsOf(shape: Shape, form: SubmissionForm): Partial<Task> {
  if (shape.kind === 'unknown') return { target: form.columns[0] ?? 'target' };
  return {
    target: shape.target,
    ...(shape.targets && { targets: [...shape.targets] }),
    ...(shape.idColumn !== undefined && { id_column: shape.idColumn }),
  };
}

function scriptReason(shape: Shape, metric: MetricFinding): string | undefined {
  if (shape.kind === 'unknown') return shape.reason;
  return metric.metric === undefined ? 'no metric of ours scores it.' : undefined;
}
