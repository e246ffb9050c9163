import { expect, test } from '@jest/globals';
import { METRICS, MetricName, metricChosen } from '../../../src/domain/metric.js';
import { metricInText } from '../../../src/tasks/metric-rules.js';

test.each([
  ['Submissions are evaluated on area under the ROC curve between …', 'auc'],
  ['## Evaluation\nMulti-class logarithmic loss. Accuracy is not used.', 'logloss'],
  ['We like accuracy.\n\n### Metric\n\nRoot Mean Squared Logarithmic Error (RMSLE).', 'rmsle'],
  ['Scored by the Root-Mean-Squared-Error (RMSE) between the logarithms', 'rmse'],
  ['the quadratic weighted kappa, which measures agreement', 'qwk'],
  ['macro F1? Yes: macro F1-score per class (macro F1)', 'f1-macro'],
  ["Spearman's correlation", 'spearman'],
  ['coefficient of determination', 'r2'],
  ['scored using MCRMSE, mean columnwise root mean squared error', 'rmse'],
  ['evaluated on mean column-wise ROC AUC', 'auc'],
  ['the **Matthews Correlation Coefficient** (MCC)', 'mcc'],
  ['the micro-averaged $F_1$ score over labels', 'f1-micro'],
  ['F1 score (macro) of the classes', 'f1-macro'],
  ["sklearn's `f1_score(average='weighted')`", 'f1-weighted'],
  ['evaluated by the Mean F1-Score', 'f1-samples'],
  ['the Kullback–Leibler divergence between', 'kl-divergence'],
  ['a modified version of the Laplace Log Likelihood', 'laplace-log-likelihood'],
  ['the Log of the Mean Absolute Error, per kind', 'log-mae'],
  ['label-weighted label-ranking average precision (lwlrap)', 'lwlrap'],
  ['label ranking average precision', 'lrap'],
  ['area under the precision-recall curve', 'average-precision'],
  ['average precision', 'average-precision'],
  ['the mean Levenshtein distance', 'levenshtein'],
  ['the word-level Jaccard score', 'jaccard-words'],
  ['the mean Dice coefficient', 'dice'],
  ['The global Dice coefficient', 'dice-global'],
  ['symmetric mean absolute percentage error (SMAPE)', 'smape'],
  ['Mean Absolute Percentage Error', 'mape'],
  ["Kendall's tau", 'kendall'],
  ['R² of the prediction', 'r2'],
  ['balanced accuracy', 'balanced-accuracy'],
  ['the Brier score', 'brier'],
  ["Cohen's kappa", 'kappa'],
  ['the haversine distance in metres', 'haversine'],
  ['the Kendall tau correlation between predicted cell orders and true ones', 'kendall-orders'],
  ['the mean angular error between directions', 'angular-error'],
  ['the probabilistic F1 score (pF1)', 'f1-probability'],
  ['Root Mean Square Percentage Error (RMSPE)', 'rmspe'],
])('%s', (text, metric) => {
  expect(metricInText(text)?.metric).toBe(metric);
});

test.each([
  ['Mean Average Precision @ 5 (MAP@5)', 'map-at-k', { k: 5 }],
  ['evaluated by MAP@12', 'map-at-k', { k: 12 }],
  ['the mean average precision at 3', 'map-at-k', { k: 3 }],
  ['mean average precision', 'map-at-k', undefined],
  ['the NDCG@10 of each query', 'ndcg', { k: 10 }],
  ['Normalized Discounted Cumulative Gain at k = 5', 'ndcg', { k: 5 }],
  ['the $F_{0.5}$ score of pixels', 'fbeta', { beta: 0.5 }],
  ['the F2-score', 'fbeta', { beta: 2 }],
  ['an F-beta score with beta = 0.5', 'fbeta', { beta: 0.5 }],
  ['the $F_\\beta$ score, β=2', 'fbeta', { beta: 2 }],
  ['pinball loss at the 0.9 quantile', 'pinball', { quantile: 0.9 }],
  ['the quantile loss (tau = 0.25)', 'pinball', { quantile: 0.25 }],
  ['the F1 score', 'f1', undefined],
])('%s brings its option', (text, metric, options) => {
  const found = metricInText(text);
  expect([found?.metric, found?.options]).toEqual([metric, options]);
});

test.each([
  'The maelstrom of auctions in inaccuracyland.',
  'Draw a custom map of the area, roll the dice, apply Laplace smoothing.',
  'Scored by the mean average precision at different intersection over union (IoU) thresholds.',
  'mAP@0.5 of the boxes',
])('no metric of ours: %s', (text) => {
  expect(metricInText(text)).toBeUndefined();
});

test('accuracy in general is not the metric when the sentence goes on to name one', () => {
  expect(metricInText('The accuracy of forecasts is judged by RMSE.')?.metric).toBe('rmse');
  expect(metricInText('We score accuracy. RMSE plays no part.')?.metric).toBe('accuracy');
});

test('the words that were read are told', () => {
  expect(metricInText('### Evaluation\nThe _Root Mean\nSquared_ Error.')).toEqual({
    metric: 'rmse',
    words: 'root mean squared error',
  });
});

test('every name and alias is its own metric, and no two metrics share one', () => {
  const owners = MetricName.options.flatMap((name) => METRICS[name].aliases.map((alias) => [alias, name] as const));
  for (const [alias, name] of owners) expect([alias, metricChosen(alias)?.name]).toEqual([alias, name]);
  for (const name of MetricName.options) expect(metricChosen(name)).toEqual({ name });
  expect(new Set(owners.map(([alias]) => alias)).size).toBe(owners.length);
});

test.each([
  ['MAP@5', { name: 'map-at-k', options: { k: 5 } }],
  ['ndcg_at_10', { name: 'ndcg', options: { k: 10 } }],
  ['F2', { name: 'fbeta', options: { beta: 2 } }],
  ['fbeta-0.5', { name: 'fbeta', options: { beta: 0.5 } }],
  ['F0.5-score', { name: 'fbeta', options: { beta: 0.5 } }],
  ['pinball-0.9', { name: 'pinball', options: { quantile: 0.9 } }],
  ['Log Loss', { name: 'logloss' }],
  ['nonesuch', undefined],
])('%s as a name in task.toml', (text, choice) => {
  expect(metricChosen(text)).toEqual(choice);
});
