/** The metrics the evaluator knows, as far as the rest of the system needs to: name, direction, kind of prediction. */
import { z } from 'zod';

export const Direction = z.enum(['maximise', 'minimise']);
export type Direction = z.infer<typeof Direction>;

/** `probability`: one column per class (or one for the positive class); `label`: one class per row; `value`: a number per row. */
export const PredictionKind = z.enum(['probability', 'label', 'value']);
export type PredictionKind = z.infer<typeof PredictionKind>;

export const MetricName = z.enum([
  'auc',
  'logloss',
  'accuracy',
  'f1-macro',
  'qwk',
  'rmse',
  'rmsle',
  'mae',
  'r2',
  'spearman',
]);
export type MetricName = z.infer<typeof MetricName>;

export interface MetricFacts {
  readonly direction: Direction;
  readonly predictions: PredictionKind;
  /** Other names people write, lower case, spaces and underscores turned into hyphens. */
  readonly aliases: readonly string[];
}

export const METRICS: Readonly<Record<MetricName, MetricFacts>> = {
  auc: { direction: 'maximise', predictions: 'probability', aliases: ['roc-auc', 'rocauc', 'auroc', 'roc-auc-score'] },
  logloss: {
    direction: 'minimise',
    predictions: 'probability',
    aliases: ['log-loss', 'cross-entropy', 'multi-class-log-loss', 'mlogloss', 'multiclass-logloss'],
  },
  accuracy: {
    direction: 'maximise',
    predictions: 'label',
    aliases: ['acc', 'categorization-accuracy', 'classification-accuracy'],
  },
  'f1-macro': {
    direction: 'maximise',
    predictions: 'label',
    aliases: ['macro-f1', 'f1macro', 'f1-score-macro', 'macro-f1-score'],
  },
  qwk: {
    direction: 'maximise',
    predictions: 'label',
    aliases: ['quadratic-weighted-kappa', 'quadratic-kappa', 'cohen-kappa-quadratic'],
  },
  rmse: { direction: 'minimise', predictions: 'value', aliases: ['root-mean-squared-error', 'root-mean-square-error'] },
  rmsle: {
    direction: 'minimise',
    predictions: 'value',
    aliases: ['root-mean-squared-log-error', 'root-mean-squared-logarithmic-error'],
  },
  mae: { direction: 'minimise', predictions: 'value', aliases: ['mean-absolute-error', 'l1'] },
  r2: {
    direction: 'maximise',
    predictions: 'value',
    aliases: ['r-squared', 'r2-score', 'coefficient-of-determination'],
  },
  spearman: {
    direction: 'maximise',
    predictions: 'value',
    aliases: ['spearmanr', 'spearman-correlation', 'spearman-rank-correlation'],
  },
};

/** The registered name for what a person wrote, or nothing when no metric bears it. */
export function metricNamed(text: string): MetricName | undefined {
  const key = text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  return MetricName.options.find((name) => name === key || METRICS[name].aliases.includes(key));
}
