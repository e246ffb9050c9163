/** The metric of a task whose author names none: the description's word for it, else what is usual for such a target. */
import type { MetricChoice } from '../domain/metric.js';
import { askedColumns, cellsOf, type FolderFacts, type Reasoned } from './folder-facts.js';
import { metricInText } from './metric-rules.js';

interface Usual {
  readonly value: MetricChoice;
  readonly why: string;
}

/** Marks of an absent label. */
const MISSING = new Set(['', 'NA', 'N/A', 'nan', 'NaN', 'null', '?']);
const GRADES = /(?:rating|grade|score|stars?|level|severity|quality|rank)$/i;

export function guessMetric(facts: FolderFacts, targets: readonly string[]): Reasoned<MetricChoice> {
  const found = facts.description === undefined ? undefined : metricInText(facts.description);
  if (found) {
    const value = { name: found.metric, ...(found.options && { options: found.options }) };
    return { value, reason: `Metric: ${found.metric}, because the description says "${found.words}".` };
  }
  const { value, why } = targets.length > 1 ? usualOfSeveral(facts, targets) : usual(facts, targets[0] ?? '');
  return {
    value,
    reason: `Metric: ${value.name}, because no description names one and ${why}. Set \`metric\` in task.toml if it is another.`,
  };
}

function usualOfSeveral(facts: FolderFacts, targets: readonly string[]): Usual {
  const yesOrNo = targets.every((name) =>
    labelsOf(facts, name).every((cell) => /^(?:[01](?:\.0)?|true|false)$/i.test(cell)),
  );
  return yesOrNo
    ? { value: { name: 'auc' }, why: 'each of the targets is 0 or 1' }
    : { value: { name: 'rmse' }, why: 'the targets are numbers' };
}

function usual(facts: FolderFacts, target: string): Usual {
  const labels = labelsOf(facts, target);
  const distinct = new Set(labels);
  if (askedColumns(facts).length > 1) {
    return { value: { name: 'logloss' }, why: 'the sample submission has a column for each class' };
  }
  if (distinct.size === 2) return { value: { name: 'auc' }, why: `"${target}" has two values` };
  const numbers = labels.map(numberIn);
  if (numbers.every((number) => number !== undefined)) return usualOfNumbers(target, numbers, distinct.size);
  return { value: { name: 'accuracy' }, why: `"${target}" has few values` };
}

function usualOfNumbers(target: string, numbers: readonly number[], distinct: number): Usual {
  if (distinct > 15 || numbers.some((number) => !Number.isInteger(number))) {
    return { value: { name: 'rmse' }, why: `"${target}" is a number` };
  }
  const most = Math.max(...numbers);
  const least = Math.min(...numbers);
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  if (least >= 0 && least <= 1 && distinct >= 6 && mean < most / 3) {
    return { value: { name: 'rmse' }, why: `"${target}" looks like a count` };
  }
  if (GRADES.test(target) && distinct >= 3 && most - least + 1 <= 2 * distinct) {
    return { value: { name: 'qwk' }, why: `"${target}" looks like a grade` };
  }
  return { value: { name: 'accuracy' }, why: `"${target}" has few values` };
}

function labelsOf({ train }: FolderFacts, name: string): readonly string[] {
  return cellsOf(train, name)
    .map((cell) => cell.trim())
    .filter((cell) => !MISSING.has(cell));
}

/** Also of `$1,234.50` and `12 %`; nothing where the cell is no number. */
function numberIn(cell: string): number | undefined {
  const plain = cell.replaceAll(/[$€£%\s]|,(?=\d{3})/g, '').replace(/^(\d+),(\d+)$/, '$1.$2');
  const number = Number(plain);
  return plain !== '' && Number.isFinite(number) ? number : undefined;
}
