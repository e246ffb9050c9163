/** Tables. Entries for the other kind of target are skipped, so both kinds share one order. */
import type { PlanIdea } from './assemble.js';

const CURVED = 'data.feature.curved-counts';
const DUMMIES = 'data.feature.integer-dummies';
const PAIRS = 'data.feature.pair-arithmetic';
const SPLINES = 'data.feature.splines';
const QUADRATIC = 'data.feature.quadratic';
const SUMMARIES = 'data.feature.row-summaries';
const NORMAL = 'data.selection.quantile-normal';

export const TABLE_PORTFOLIO: readonly PlanIdea[] = [
  { model: 'model.tabular-trees.lightgbm-slow-small' },
  { model: ['model.linear.ridge', { alpha: 30 }], feature: [SPLINES] },
  { model: ['model.linear.logistic', { strength: 0.1 }], feature: [SPLINES] },
  { model: 'model.tabular-trees.random-forest' },
  { model: 'model.tabular-trees.lightgbm-extra-trees' },
  { model: 'model.neural.perceptron', ensemble: [['strategy.ensemble.seed-bag', { seeds: 5 }]] },
  { model: 'model.tabular-trees.extra-trees' },
  { model: ['model.linear.ridge', { alpha: 100 }], feature: [CURVED, DUMMIES] },
  { model: ['model.linear.logistic', { strength: 0.03 }], feature: [CURVED, DUMMIES] },
  { model: 'model.kernel.support-vectors', select: [NORMAL] },
  { model: 'model.tabular-trees.lightgbm-three-leaves', feature: [PAIRS] },
  { model: 'model.linear.huber', feature: [CURVED] },
  { model: 'model.discriminant.linear', feature: [CURVED] },
  { model: ['model.linear.ridge', { alpha: 10 }] },
  { model: ['model.linear.logistic', { strength: 0.3 }] },
  { model: 'model.tabular-trees.hist-gradient-boosting', feature: [SUMMARIES] },
  { model: 'model.neighbours.k-nearest', select: [NORMAL] },
  { model: ['model.tabular-trees.lightgbm-slow-small', { num_leaves: 15, n_estimators: 150 }], feature: [PAIRS] },
  { model: 'model.tabular-trees.lightgbm-default', encode: ['data.encoder.level-counts'] },
  { model: ['model.linear.ridge', { alpha: 300 }], feature: [SPLINES, DUMMIES] },
  { model: ['model.tabular-trees.lightgbm-extra-trees', { num_leaves: 6 }], ensemble: ['strategy.ensemble.seed-bag'] },
  { model: ['model.tabular-trees.extra-trees', { max_features: 'sqrt', min_samples_leaf: 2 }], feature: [CURVED] },
  { model: ['model.linear.ridge', { alpha: 2000 }], feature: [QUADRATIC] },
  { model: ['model.linear.logistic', { strength: 0.003 }], feature: [QUADRATIC] },
  { model: ['model.kernel.support-vectors', { c: 0.3 }], feature: [DUMMIES] },
  {
    model: 'model.tabular-trees.lightgbm-slow-small',
    also: [{ model: ['model.linear.ridge', { alpha: 30 }], feature: [SPLINES] }],
  },
  {
    model: 'model.tabular-trees.lightgbm-slow-small',
    also: [{ model: ['model.linear.logistic', { strength: 0.1 }], feature: [SPLINES] }],
  },
  { model: ['model.tabular-trees.lightgbm-slow-small', { num_leaves: 4 }], feature: [CURVED, DUMMIES] },
  { model: ['model.tabular-trees.lightgbm-slow-small', { objective: 'l1' }] },
  { model: ['model.tabular-trees.lightgbm-slow-small', { objective: 'poisson' }] },
  { model: 'model.tabular-trees.lightgbm-slow-small', post: ['strategy.target.log1p'] },
  { model: 'model.discriminant.quadratic', select: [['data.selection.principal-components', { components: 8 }]] },
];
