/** How people write the names of metrics, beside those the registry knows. */
import { METRICS, type MetricName } from '../domain/metric.js';

/** Lower case, without apostrophes and marks of emphasis, hyphens as spaces. */
const WORDS: Partial<Record<MetricName, readonly string[]>> = {
  auc: [
    'area under the roc curve',
    'area under roc',
    'area under the receiver operating characteristic curve',
    'area under the receiver operating characteristic',
    'area under the curve',
    'column wise auc',
    'column wise roc auc',
    'columnwise roc auc',
  ],
  'average-precision': ['area under the precision recall curve', 'precision recall auc'],
  logloss: [
    'logarithmic loss',
    'log loss',
    'multi class logarithmic loss',
    'multi class cross entropy',
    'column wise log loss',
  ],
  'kl-divergence': ['kullback leibler divergence', 'kl divergence', 'kldiv'],
  accuracy: ['classification accuracy', 'share of correct', 'percentage of correct', 'fraction of correct'],
  'balanced-accuracy': ['average recall', 'macro averaged recall', 'unweighted average recall'],
  f1: ['f1 measure', 'f measure', 'f score'],
  'f1-macro': ['macro averaged f1', 'macro average f1', 'macro f1', 'average f1', 'macro f score'],
  'f1-micro': ['micro averaged f1', 'micro average f1', 'micro f1', 'micro f score'],
  'f1-weighted': ['weighted average f1', 'weighted averaged f1'],
  'f1-samples': ['sample averaged f1', 'samples averaged f1', 'example based f1', 'mean f1', 'mean f score'],
  mcc: ['matthews correlation'],
  kappa: ['cohens kappa', 'cohen kappa'],
  qwk: ['quadratic weighted kappa', 'quadratically weighted kappa', 'weighted kappa'],
  rmse: ['root mean squared error', 'root mean square error', 'root mean squared deviation', 'mean column wise rmse'],
  rmsle: ['root mean squared logarithmic error', 'root mean squared log error', 'root mean square logarithmic error'],
  mae: ['mean absolute error', 'mean absolute deviation'],
  'log-mae': [
    'log of the mean absolute error',
    'logarithm of the mean absolute error',
    'log of the mae',
    'logarithm of the mae',
  ],
  r2: ['r squared', 'r^2', 'r²', 'coefficient of determination'],
  pinball: ['weighted quantile loss'],
  'laplace-log-likelihood': ['laplace log likelihood'],
  ndcg: ['discounted cumulative gain'],
  'jaccard-words': ['word level jaccard score', 'word level jaccard'],
  levenshtein: ['levenshtein'],
  dice: ['sorensen dice coefficient', 'dice similarity coefficient', 'dice metric'],
  iou: ['jaccard index of the masks'],
};

/** Names that are also words of their own: `a map of the area`, `a custom loss`, `Laplace smoothing`. */
const AMBIGUOUS = new Set(['l1', 'acc', 'ap', 'map', 'kl', 'custom', 'laplace', 'dice', 'mase', 'f1-samples']);

export function wordsOf(metric: MetricName): readonly string[] {
  const names = [metric, ...METRICS[metric].aliases].filter((name) => !AMBIGUOUS.has(name));
  const written = names.flatMap((name) => [name.replaceAll('-', ' '), name.replaceAll('-', '')]);
  return [...new Set([...written, ...(WORDS[metric] ?? [])])];
}
