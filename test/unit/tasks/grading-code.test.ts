/** Grading code is read, never run: each case is the shape of a grader that the benchmark has. */
import { describe, expect, test } from '@jest/globals';
import { metricInCode, metricOfGrader } from '../../../src/tasks/importers/grading-code.js';

describe('the metric of grading code', () => {
  test.each([
    ['mean_absolute_error(y_true, y_pred)', { name: 'mae' }],
    ['roc_auc_score(y_true, y_score, average="macro")', { name: 'auc' }],
    ['roc_auc_score(**roc_auc_inputs)', { name: 'auc' }],
    ['log_loss(**inputs)', { name: 'logloss' }],
    ['accuracy_score(y_true, y_pred)', { name: 'accuracy' }],
    ['f1_score(y_true, y_pred, average="macro")', { name: 'f1-macro' }],
    ["f1_score(\n    y_true,\n    y_pred,\n    average='micro',\n)", { name: 'f1-micro' }],
    ['f1_score(y_true, y_pred)', { name: 'f1' }],
    ['fbeta_score(y_true, y_pred, beta=0.5)', { name: 'fbeta', options: { beta: 0.5 } }],
    ['cohen_kappa_score(y_pred, y_true, weights="quadratic")', { name: 'qwk' }],
    ['cohen_kappa_score(a, b)', { name: 'kappa' }],
    ['matthews_corrcoef(a, b)', { name: 'mcc' }],
    ['root_mean_squared_error(y_true, y_pred)', { name: 'rmse' }],
    ['mean_squared_error(y_true, y_pred, squared=False)', { name: 'rmse' }],
    ['np.sqrt(mean_squared_error(y_true, y_pred))', { name: 'rmse' }],
    ['metrics.root_mean_squared_log_error(a, b)', { name: 'rmsle' }],
    ['np.sqrt(np.mean((y_true - y_pred) ** 2))', { name: 'rmse' }],
    ['np.sqrt(np.mean((np.log1p(y_true) - np.log1p(y_pred)) ** 2))', { name: 'rmsle' }],
    ['mean_average_precision_at_k(actual, predicted, k=5)', { name: 'map-at-k', options: { k: 5 } }],
    ['label_ranking_average_precision_score(y, p)', { name: 'lrap' }],
    ['label_ranking_average_precision_score(y, p, sample_weight=w)', { name: 'lwlrap' }],
    ['lwlrap(y, p)', { name: 'lwlrap' }],
    ['average_precision_score(y, p)', { name: 'average-precision' }],
    ['mapk(actual, predicted, 12)', { name: 'map-at-k', options: { k: 12 } }],
    ['pearsonr(a, b)[0]', { name: 'pearson' }],
    ['np.mean([spearmanr(a[c], b[c]).correlation for c in C])', { name: 'spearman' }],
    ['kendall_tau(actual, predicted)', { name: 'kendall' }],
    ['kl_divergence.score(answers, submission, ID)', { name: 'kl-divergence' }],
    ['laplace_log_likelihood(a, b, c)', { name: 'laplace-log-likelihood' }],
    ['1 - accuracy_score(y_true, y_pred)', { name: 'accuracy', complement: true }],
  ])('%s', (call, expected) => {
    expect(metricInCode(`def grade(submission, answers):\n    return ${call}\n`)).toEqual(expected);
  });

  test('is the specific one, not what it is made of: the log of an MAE for each group', () => {
    const code = [
      'def log_mae(y_true, y_pred):',
      '    return np.log(mean_absolute_error(y_true, y_pred))',
      'def grade(submission, answers):',
      '    for name, group in merged.groupby("type"):',
      '        values.append(log_mae(group["a"], group["b"]))',
      '    return np.mean(values)',
    ].join('\n');
    expect(metricInCode(code)).toEqual({ name: 'log-mae', options: { group: 'type' } });
  });

  test('is that of words where texts are split', () => {
    const code = 'def jaccard(a, b):\n    a = set(a.lower().split())\n\ndef grade(s, t):\n    return jaccard(s, t)\n';
    expect(metricInCode(code)).toEqual({ name: 'jaccard-words' });
  });

  test('is the distance of Levenshtein only where that is imported', () => {
    const body = 'def grade(a, b):\n    return np.mean([distance(x, y) for x, y in zip(a, b)])\n';
    expect(metricInCode(`from Levenshtein import distance\n${body}`)).toEqual({ name: 'levenshtein' });
    expect(metricInCode(body)).toBeUndefined();
  });

  test('is none where comments and texts alone name one', () => {
    const code = '"""Uses accuracy_score(a, b)."""\ndef grade(a, b):\n    # log_loss(a, b)\n    return secret(a, b)\n';
    expect(metricInCode(code)).toBeUndefined();
  });

  test.each([
    'dice = dice_coefficient(a, b); h = hausdorff_distance(a, b); return 0.4 * dice + 0.6 * h',
    'return get_final_metric(compute_bias_metrics_for_model(df), roc_auc_score(a, b))',
    'return roc_auc_score(a, b, sample_weight=w)',
    'return alaska_weighted_auc(a, b)',
    'return mean_squared_error(a, b)',
    'return angular_dist_score(a, b, c, d)',
  ])('is none of ours in: %s', (body) => {
    expect(metricInCode(`def grade(a, b):\n    ${body}\n`)).toBeUndefined();
  });
});

describe('the grader of a competition', () => {
  const mae = 'def grade(s, a):\n    return mean_absolute_error(a["y"], s["y"])\n';

  test('is believed by its code and not by its label: a MAE that calls itself dice', () => {
    const { metric, notes } = metricOfGrader({ code: mae, label: 'dice-hausdorff-combo' });
    expect(metric).toEqual({ name: 'mae', source: 'code' });
    expect(notes).toEqual([expect.stringMatching(/"dice-hausdorff-combo".*mae, which is taken/)]);
  });

  test('whose label and code agree needs no word', () => {
    expect(metricOfGrader({ code: mae, label: 'mean-absolute-error' }).notes).toEqual([]);
  });

  test('without code is taken by its label, with a warning', () => {
    const { metric, notes } = metricOfGrader({ label: 'multi-class-log-loss' });
    expect(metric).toEqual({ name: 'logloss', source: 'label' });
    expect(notes[0]).toMatch(/label.*wrong in places/);
  });

  test('without code and label is taken by the description', () => {
    const { metric } = metricOfGrader({ description: '## Evaluation\n\nQuadratic weighted kappa.\n' });
    expect(metric).toEqual({ name: 'qwk', source: 'description' });
  });

  test('whose code is not ours is not replaced by its label', () => {
    const { metric, notes } = metricOfGrader({ code: 'def grade(a, b):\n    return odd(a, b)\n', label: 'accuracy' });
    expect(metric).toBeUndefined();
    expect(notes[0]).toMatch(/only the benchmark can grade/);
  });

  test('that nothing describes has no metric', () => {
    expect(metricOfGrader({}).metric).toBeUndefined();
  });
});
