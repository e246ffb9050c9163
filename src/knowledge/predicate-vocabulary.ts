/** Names that a predicate may compare a fact with; a misspelt name would never be true and never be noticed. */
import { MetricName, PredictionKind } from '../domain/metric.js';
import type { Predicate } from '../domain/predicate-parse.js';
import { Modality, TaskType } from '../domain/task.js';
import { ColumnKind, Regime } from '../domain/task-card.js';

const NAMES: Readonly<Record<string, readonly string[]>> = {
  modality: Modality.options,
  taskType: TaskType.options,
  metric: MetricName.options,
  predictions: PredictionKind.options,
  regime: Regime.options,
  kinds: ColumnKind.options,
};

/** Complaints about values that the fact can never have. */
export function strangeValues(predicate: Predicate): readonly string[] {
  switch (predicate.kind) {
    case 'or':
    case 'and':
      return [...strangeValues(predicate.left), ...strangeValues(predicate.right)];
    case 'not':
      return strangeValues(predicate.inner);
    case 'compare':
      return complaints(predicate.fact, [predicate.value]);
    case 'in':
      return complaints(predicate.fact, predicate.values);
    case 'has':
      return complaints(predicate.set, [predicate.value]);
    case 'package':
    case 'judgement':
      return [];
  }
}

function complaints(fact: string, values: readonly (string | number)[]): readonly string[] {
  const names = NAMES[fact];
  return values
    .filter((value) => (names === undefined ? typeof value !== 'number' : !names.includes(String(value))))
    .map((value) => `${fact} is never \`${value}\``);
}
