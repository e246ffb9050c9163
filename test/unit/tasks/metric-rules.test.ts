import { expect, test } from '@jest/globals';
import { metricInText } from '../../../src/tasks/metric-rules.js';

test.each([
  ['Submissions are evaluated on area under the ROC curve between …', 'auc'],
  ['## Evaluation\nMulti-class logarithmic loss. Accuracy is not used.', 'logloss'],
  ['We like accuracy.\n\n### Metric\n\nRoot Mean Squared Logarithmic Error (RMSLE).', 'rmsle'],
  ['Scored by the Root-Mean-Squared-Error (RMSE) between the logarithms', 'rmse'],
  ['the quadratic weighted kappa, which measures agreement', 'qwk'],
  ['mean F1? No: macro F1-score per class (macro F1)', 'f1-macro'],
  ["Spearman's correlation", 'spearman'],
  ['coefficient of determination', 'r2'],
])('%s', (text, metric) => {
  expect(metricInText(text)?.metric).toBe(metric);
});

test('a name inside another word is no name', () => {
  expect(metricInText('The maelstrom of auctions in inaccuracyland.')).toBeUndefined();
});
