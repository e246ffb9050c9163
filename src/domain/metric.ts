/** The metrics the evaluator knows, as far as the rest of the system needs to: name, direction, kind of prediction. */
import { z } from 'zod';

export const Direction = z.enum(['maximise', 'minimise']);
export type Direction = z.infer<typeof Direction>;

/**
 * `probability`: one column per class (or one for the positive class), with several targets one per target;
 * `label`: one class per cell; `value`: a number per cell; `text`: a cell that is read as it stands (a ranking, words, a mask).
 */
export const PredictionKind = z.enum(['probability', 'label', 'value', 'text']);
export type PredictionKind = z.infer<typeof PredictionKind>;

export const MetricName = z.enum([
  'auc',
  'auc-weighted',
  'average-precision',
  'logloss',
  'brier',
  'f1-probability',
  'kl-divergence',
  'accuracy',
  'balanced-accuracy',
  'f1',
  'f1-macro',
  'f1-micro',
  'f1-weighted',
  'f1-samples',
  'fbeta',
  'mcc',
  'kappa',
  'qwk',
  'jaccard',
  'rmse',
  'rmsle',
  'rmspe',
  'mae',
  'log-mae',
  'mape',
  'smape',
  'mase',
  'r2',
  'pearson',
  'spearman',
  'kendall',
  'pinball',
  'laplace-log-likelihood',
  'haversine',
  'angular-error',
  'ndcg',
  'lrap',
  'lwlrap',
  'map-at-k',
  'kendall-orders',
  'jaccard-sets',
  'jaccard-words',
  'f1-sets',
  'f1-sets-micro',
  'levenshtein',
  'dice',
  'dice-global',
  'iou',
  'iou-precision',
  'custom',
]);
export type MetricName = z.infer<typeof MetricName>;

/** What some metrics need beyond their name. Columns are those of the training table. */
export const MetricOptions = z.strictObject({
  k: z.number().int().positive().optional().describe('map-at-k, ndcg: how many of a ranking count; default all.'),
  beta: z.number().positive().optional().describe('fbeta: weight of recall against precision; default 1.'),
  quantile: z.number().gt(0).lt(1).optional().describe('pinball: the quantile predicted; default 0.5.'),
  positive: z
    .string()
    .optional()
    .describe(
      'f1, fbeta, jaccard: the label that counts as positive; default the second of two, else the mean over all.',
    ),
  group: z
    .string()
    .optional()
    .describe(
      'Column whose values are scored one by one, then averaged: queries of ndcg, series of mase, kinds of log-mae.',
    ),
  weight: z.string().optional().describe('Column of row weights: the metric is a weighted mean.'),
  time: z.string().optional().describe('mase: column that orders the rows of a group.'),
  season: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('mase: steps of the naive forecast that scales errors; default 1.'),
  target_weights: z.array(z.number().nonnegative()).optional().describe('Several targets: weight of each in the mean.'),
  predictions: PredictionKind.optional().describe('custom: what programs predict; default value.'),
  file: z.string().optional().describe('custom: Python file with `score(answers, submission) -> float`.'),
  function: z.string().optional().describe('custom: name of the function in that file; default `score`.'),
});
export type MetricOptions = z.infer<typeof MetricOptions>;

export interface MetricFacts {
  readonly direction: Direction;
  readonly predictions: PredictionKind;
  /** Other names people write, lower case, spaces and underscores turned into hyphens. */
  readonly aliases: readonly string[];
}

const up = (predictions: PredictionKind, ...aliases: string[]): MetricFacts => ({
  direction: 'maximise',
  predictions,
  aliases,
});
const down = (predictions: PredictionKind, ...aliases: string[]): MetricFacts => ({
  direction: 'minimise',
  predictions,
  aliases,
});

/** With several targets a metric of one column is the (weighted) mean over the targets, as in MCRMSE or mean column-wise AUC. */
export const METRICS: Readonly<Record<MetricName, MetricFacts>> = {
  auc: up('probability', 'roc-auc', 'rocauc', 'auroc', 'roc-auc-score', 'auc-roc', 'auc-macro', 'mean-column-wise-auc'),
  'auc-weighted': up('probability', 'weighted-auc', 'roc-auc-weighted'),
  'average-precision': up('probability', 'ap', 'pr-auc', 'auprc', 'average-precision-score', 'area-under-the-pr-curve'),
  logloss: down(
    'probability',
    'log-loss',
    'cross-entropy',
    'multi-class-log-loss',
    'mlogloss',
    'multiclass-logloss',
    'binary-logloss',
  ),
  brier: down('probability', 'brier-score', 'brier-score-loss'),
  'f1-probability': up('probability', 'probabilistic-f1', 'pf1', 'pf1-score', 'probabilistic-f1-score'),
  'kl-divergence': down('probability', 'kl', 'kullback-leibler', 'kullback-leibler-divergence'),
  accuracy: up('label', 'acc', 'categorization-accuracy', 'classification-accuracy'),
  'balanced-accuracy': up('label', 'balanced-acc', 'balanced-accuracy-score', 'mean-class-accuracy'),
  f1: up('label', 'f1-score', 'f1-binary', 'binary-f1'),
  'f1-macro': up('label', 'macro-f1', 'f1macro', 'f1-score-macro', 'macro-f1-score'),
  'f1-micro': up('label', 'micro-f1', 'f1-score-micro', 'micro-averaged-f1', 'micro-f1-score'),
  'f1-weighted': up('label', 'weighted-f1', 'f1-score-weighted', 'weighted-f1-score'),
  'f1-samples': up('label', 'mean-f1', 'samples-f1', 'mean-f1-score', 'mean-f-score'),
  fbeta: up('label', 'f-beta', 'fbeta-score', 'f-beta-score'),
  mcc: up('label', 'matthews', 'matthews-correlation', 'matthews-corrcoef', 'matthews-correlation-coefficient'),
  kappa: up('label', 'cohen-kappa', 'cohens-kappa'),
  qwk: up('label', 'quadratic-weighted-kappa', 'quadratic-kappa', 'cohen-kappa-quadratic'),
  jaccard: up('label', 'jaccard-score', 'jaccard-index'),
  rmse: down(
    'value',
    'root-mean-squared-error',
    'root-mean-square-error',
    'mcrmse',
    'mean-columnwise-rmse',
    'mean-columnwise-root-mean-squared-error',
  ),
  rmsle: down('value', 'root-mean-squared-log-error', 'root-mean-squared-logarithmic-error', 'mean-column-wise-rmsle'),
  rmspe: down('value', 'root-mean-square-percentage-error', 'root-mean-squared-percentage-error'),
  mae: down('value', 'mean-absolute-error', 'l1'),
  'log-mae': down('value', 'log-mean-absolute-error', 'group-mean-log-mae'),
  mape: down('value', 'mean-absolute-percentage-error'),
  smape: down('value', 'symmetric-mean-absolute-percentage-error', 'symmetric-mape'),
  mase: down('value', 'mean-absolute-scaled-error'),
  r2: up('value', 'r-squared', 'r2-score', 'coefficient-of-determination'),
  pearson: up('value', 'pearsonr', 'pearson-correlation', 'pearson-correlation-coefficient'),
  spearman: up('value', 'spearmanr', 'spearman-correlation', 'spearman-rank-correlation', 'mean-column-wise-spearman'),
  kendall: up('value', 'kendall-tau', 'kendalltau', 'kendall-tau-b'),
  pinball: down('value', 'pinball-loss', 'quantile-loss', 'mean-pinball-loss'),
  'laplace-log-likelihood': up('value', 'modified-laplace-log-likelihood', 'laplace'),
  haversine: down('value', 'haversine-distance', 'mean-haversine-distance'),
  'angular-error': down('value', 'mean-angular-error', 'angular-distance'),
  ndcg: up('value', 'ndcg-at-k', 'normalized-discounted-cumulative-gain', 'normalised-discounted-cumulative-gain'),
  lrap: up('probability', 'label-ranking-average-precision'),
  lwlrap: up('probability', 'label-weighted-label-ranking-average-precision'),
  'map-at-k': up('text', 'map', 'mapk', 'mean-average-precision-at-k', 'mean-average-precision'),
  'kendall-orders': up('text', 'kendall-tau-of-orders'),
  'jaccard-sets': up('text', 'set-jaccard'),
  'jaccard-words': up('text', 'word-level-jaccard', 'word-jaccard'),
  'f1-sets': up('text', 'set-f1', 'mean-f1-of-sets'),
  'f1-sets-micro': up('text', 'set-f1-micro'),
  levenshtein: down('text', 'levenshtein-distance', 'edit-distance', 'mean-levenshtein-distance'),
  dice: up('text', 'dice-coefficient', 'dice-score', 'mean-dice-coefficient'),
  'dice-global': up('text', 'global-dice', 'global-dice-coefficient'),
  iou: up('text', 'intersection-over-union', 'mean-iou'),
  'iou-precision': up('text', 'mean-precision-over-iou-thresholds'),
  custom: up('value'),
};

/** `map@5`, `ndcg@10`, `fbeta-0.5`, `f2`, `pinball-0.9`: a name with its option. */
const WITH_OPTION: readonly (readonly [RegExp, (match: string) => MetricChoice])[] = [
  [/^(?:map|map-at)[@-]?(\d+)$/, (k) => ({ name: 'map-at-k', options: { k: Number(k) } })],
  [/^ndcg(?:-at-|@|-)?(\d+)$/, (k) => ({ name: 'ndcg', options: { k: Number(k) } })],
  [
    /^(?:fbeta-?|f-?beta-?|f)(\d+(?:\.\d+)?)(?:-score)?$/,
    (beta) => ({ name: 'fbeta', options: { beta: Number(beta) } }),
  ],
  [
    /^(?:pinball|quantile)(?:-loss)?-?(0?\.\d+)$/,
    (quantile) => ({ name: 'pinball', options: { quantile: Number(quantile) } }),
  ],
];

export interface MetricChoice {
  readonly name: MetricName;
  readonly options?: MetricOptions;
}

/** What a person meant, option included; nothing when no metric bears the name. */
export function metricChosen(text: string): MetricChoice | undefined {
  const key = text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  const name = MetricName.options.find((option) => option === key || METRICS[option].aliases.includes(key));
  if (name !== undefined) return { name };
  for (const [pattern, choice] of WITH_OPTION) {
    const found = pattern.exec(key)?.[1];
    if (found !== undefined) return choice(found);
  }
  return undefined;
}
