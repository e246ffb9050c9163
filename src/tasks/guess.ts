/** What a folder without `task.toml` is about: target, id and metric, each with the reason for the guess. */
import { basename } from 'node:path';
import { UserError } from '../domain/errors.js';
import type { MetricName } from '../domain/metric.js';
import type { CsvHead } from './csv-head.js';
import { metricInText } from './metric-rules.js';

export interface FolderFacts {
  readonly folder: string;
  readonly train: CsvHead;
  readonly test: CsvHead;
  readonly sample: CsvHead | undefined;
  readonly description: string | undefined;
}

export interface Guess {
  readonly target: string;
  readonly idColumn: string | undefined;
  readonly metric: MetricName;
  /** One sentence for each guess. */
  readonly reasons: readonly string[];
}

/** @throws UserError `target-missing` when more than one column could be the target. */
export function guessTask(facts: FolderFacts): Guess {
  const target = guessTarget(facts);
  const idColumn = guessId(facts);
  const metric = guessMetric(facts, target.value);
  return {
    target: target.value,
    idColumn: idColumn?.value,
    metric: metric.value,
    reasons: [target.reason, ...(idColumn ? [idColumn.reason] : []), metric.reason],
  };
}

interface Reasoned<T> {
  readonly value: T;
  readonly reason: string;
}

function guessTarget({ train, test, sample, folder }: FolderFacts): Reasoned<string> {
  const only = train.columns.filter((name) => !test.columns.includes(name));
  const asked = sample?.columns.slice(1) ?? [];
  const named = asked.find((name) => only.includes(name));
  if (named !== undefined && asked.length === 1) {
    return { value: named, reason: `Target: "${named}", the column that the sample submission asks for.` };
  }
  const [first] = only;
  if (first !== undefined && only.length === 1) {
    return { value: first, reason: `Target: "${first}", the only column of train.csv that test.csv lacks.` };
  }
  const labels = only.filter((name) => sharesLabels(train, name, asked));
  const [byClass] = labels;
  if (byClass !== undefined && labels.length === 1) {
    return { value: byClass, reason: `Target: "${byClass}", whose values are the columns of the sample submission.` };
  }
  const choices = only.length > 0 ? only : train.columns;
  throw new UserError(
    'target-missing',
    `The target of ${basename(folder)} is not clear: it could be ${list(choices)}.`,
    `Write ${folder}/task.toml with id, target and metric.`,
  );
}

function sharesLabels(train: CsvHead, name: string, asked: readonly string[]): boolean {
  const column = train.columns.indexOf(name);
  const values = new Set(train.rows.map((row) => row[column] ?? ''));
  return asked.length > 1 && [...values].every((value) => asked.some((column) => column.endsWith(value)));
}

function guessId({ test, sample }: FolderFacts): Reasoned<string> | undefined {
  const first = sample?.columns[0];
  if (first !== undefined && test.columns.includes(first)) {
    return { value: first, reason: `Id: "${first}", the first column of the sample submission.` };
  }
  const named = test.columns.find((name) => /^(?:row_?)?id$/i.test(name));
  return named === undefined ? undefined : { value: named, reason: `Id: "${named}", by its name.` };
}

/** The description's word for it; else what is usual for such a target. */
function guessMetric(facts: FolderFacts, target: string): Reasoned<MetricName> {
  const found = facts.description === undefined ? undefined : metricInText(facts.description);
  if (found)
    return { value: found.metric, reason: `Metric: ${found.metric}, because the description says "${found.words}".` };
  const { value, why } = usualMetric(facts, target);
  return {
    value,
    reason: `Metric: ${value}, because no description names one and ${why}. Set \`metric\` in task.toml if it is another.`,
  };
}

function usualMetric({ train, sample }: FolderFacts, target: string): { value: MetricName; why: string } {
  const column = train.columns.indexOf(target);
  const values = train.rows.map((row) => row[column] ?? '').filter((cell) => cell !== '');
  const distinct = new Set(values);
  if ((sample?.columns.length ?? 0) > 2)
    return { value: 'logloss', why: 'the sample submission has a column for each class' };
  const numeric = values.every((cell) => Number.isFinite(Number(cell)));
  if (numeric && distinct.size > 15) return { value: 'rmse', why: `"${target}" is a number` };
  if (distinct.size === 2) return { value: 'auc', why: `"${target}" has two values` };
  return { value: 'accuracy', why: `"${target}" has few values` };
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `"${name}"`);
  return names.length > shown.length ? `${shown.join(', ')} or another` : shown.join(' or ');
}
