/** What a folder without `task.toml` is about: targets, id and metric, each with the reason for the guess. */
import { basename } from 'node:path';
import { UserError } from '../domain/errors.js';
import type { MetricChoice } from '../domain/metric.js';
import type { CsvHead } from './csv-head.js';
import { askedColumns, cellsOf, type FolderFacts, type Reasoned } from './folder-facts.js';
import { guessMetric } from './guess-metric.js';

export interface Guess {
  /** At least one. */
  readonly targets: readonly string[];
  readonly idColumn: string | undefined;
  readonly metric: MetricChoice;
  /** One sentence for each guess. */
  readonly reasons: readonly string[];
}

/** @throws UserError `target-missing` when more than one column could be the target. */
export function guessTask(facts: FolderFacts): Guess {
  const targets = guessTargets(facts);
  const idColumn = guessId(facts);
  const metric = guessMetric(facts, targets.value);
  return {
    targets: targets.value,
    idColumn: idColumn?.value,
    metric: metric.value,
    reasons: [targets.reason, ...(idColumn ? [idColumn.reason] : []), metric.reason],
  };
}

/** Ways to find the target, the surest first. */
const RULES: readonly ((facts: FolderFacts) => Reasoned<readonly string[]> | undefined)[] = [
  bySample,
  byAbsence,
  byClasses,
  byEmptyCells,
  byName,
];

function guessTargets(facts: FolderFacts): Reasoned<readonly string[]> {
  for (const rule of RULES) {
    const found = rule(facts);
    if (found !== undefined) return found;
  }
  const only = onlyInTrain(facts);
  const choices = only.length > 0 ? only : facts.train.columns;
  throw new UserError(
    'target-missing',
    `The target of ${basename(facts.folder)} is not clear: it could be ${list(choices)}.`,
    `Write ${facts.folder}/task.toml with id, target and metric.`,
  );
}

function onlyInTrain({ train, test }: FolderFacts): readonly string[] {
  return train.columns.filter((name) => !test.columns.includes(name));
}

/** What the submission asks for, where train has columns of these names and test has no values in them. */
function bySample(facts: FolderFacts): Reasoned<readonly string[]> | undefined {
  const { train, test } = facts;
  const asked = askedColumns(facts);
  const known = asked.every((name) => train.columns.includes(name) && !hasValues(test, name));
  if (asked.length === 0 || !known) return undefined;
  return asked.length === 1
    ? { value: asked, reason: `Target: "${asked[0]}", the column that the sample submission asks for.` }
    : { value: asked, reason: `Targets: ${quoted(asked)}, the columns that the sample submission asks for.` };
}

function byAbsence(facts: FolderFacts): Reasoned<readonly string[]> | undefined {
  const [only, ...others] = onlyInTrain(facts);
  if (only === undefined || others.length > 0) return undefined;
  return { value: [only], reason: `Target: "${only}", the only column of train.csv that test.csv lacks.` };
}

function byClasses(facts: FolderFacts): Reasoned<readonly string[]> | undefined {
  const asked = askedColumns(facts);
  const [found, ...others] = onlyInTrain(facts).filter((name) => sharesLabels(facts.train, name, asked));
  if (found === undefined || others.length > 0) return undefined;
  return { value: [found], reason: `Target: "${found}", whose values are the columns of the sample submission.` };
}

/** A column that the test table has without a single value. */
function byEmptyCells({ train, test }: FolderFacts): Reasoned<readonly string[]> | undefined {
  const empty = train.columns.filter(
    (name) => test.columns.includes(name) && !hasValues(test, name) && hasValues(train, name),
  );
  const [found, ...others] = empty;
  if (found === undefined || others.length > 0) return undefined;
  return { value: [found], reason: `Target: "${found}", the only column that is empty in test.csv.` };
}

function byName(facts: FolderFacts): Reasoned<readonly string[]> | undefined {
  const [found, ...others] = onlyInTrain(facts).filter((name) =>
    /^(?:target|labels?|class|y|outcome|response)$/i.test(name.trim()),
  );
  if (found === undefined || others.length > 0) return undefined;
  return { value: [found], reason: `Target: "${found}", by its name, of several columns that test.csv lacks.` };
}

function hasValues(table: CsvHead, name: string): boolean {
  return table.columns.includes(name) && cellsOf(table, name).some((cell) => cell.trim() !== '');
}

function sharesLabels(train: CsvHead, name: string, asked: readonly string[]): boolean {
  const values = new Set(cellsOf(train, name));
  return asked.length > 1 && [...values].every((value) => asked.some((column) => column.endsWith(value)));
}

function guessId({ test, sample }: FolderFacts): Reasoned<string> | undefined {
  const repeated = sample?.columns.filter((name) => test.columns.includes(name)) ?? [];
  const first = repeated.length > 1 ? repeated.find((name) => namesRows(test, name)) : sample?.columns[0];
  if (first !== undefined && test.columns.includes(first)) {
    const which = first === sample?.columns[0] ? 'the first' : 'a';
    return { value: first, reason: `Id: "${first}", ${which} column of the sample submission.` };
  }
  const named = test.columns.find((name) => /^(?:row_?)?id$/i.test(name));
  return named === undefined ? undefined : { value: named, reason: `Id: "${named}", by its name.` };
}

/** Short words, each of them once. */
function namesRows(table: CsvHead, name: string): boolean {
  const cells = cellsOf(table, name);
  return new Set(cells).size === cells.length && cells.every((cell) => /^\S{1,64}$/.test(cell));
}

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `"${name}"`);
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `"${name}"`);
  return names.length > shown.length ? `${shown.join(', ')} or another` : shown.join(' or ');
}
