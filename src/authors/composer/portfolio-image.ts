/** Small images: six groups of hand-made features, and models that read dense columns. */
import type { PlanIdea } from './assemble.js';

const SPECTRUM = 'data.image.spectrum';
const SHIFTS = 'data.image.autocorrelation';
const EDGES = 'data.image.gradient-histogram';
const PATTERNS = 'data.image.local-patterns';
const MOMENTS = 'data.image.brightness-moments';
const LAYOUT = 'data.image.pixel-components';
const PIXELS = 'data.image.pixels';
const TEXTURE = [SPECTRUM, SHIFTS, EDGES, PATTERNS, MOMENTS];
const ALL = [...TEXTURE, LAYOUT];

const SVM = 'model.kernel.support-vectors';
const EXTRA = 'model.tabular-trees.extra-trees';
const LINEAR = 'model.discriminant.linear';
const QUADRATIC = 'model.discriminant.quadratic';
const LOGISTIC = 'model.linear.logistic';
const RIDGE = 'model.linear.ridge';
const BOOSTING = 'model.tabular-trees.lightgbm-extra-trees';
const COMPONENTS = 'data.selection.principal-components';
const CRISP = { min_samples_leaf: 2, max_features: 'sqrt' } as const;
const QUICK = { n_estimators: 120, learning_rate: 0.08, colsample_bytree: 0.3 } as const;

const MILD = { n_estimators: 120, learning_rate: 0.06, num_leaves: 12 } as const;

export const IMAGE_PORTFOLIO: readonly PlanIdea[] = [
  { model: [SVM, { c: 3 }], feature: TEXTURE },
  // The object may have a fixed place, as digits have: two programs tell, at the cost of seconds.
  { model: LINEAR, feature: [PIXELS], select: [[COMPONENTS, { components: 80 }]] },
  { model: [BOOSTING, QUICK], feature: TEXTURE },
  { model: [LOGISTIC, { strength: 0.1 }], feature: TEXTURE },
  { model: [SVM, { c: 3 }], feature: [PIXELS] },
  { model: [RIDGE, { alpha: 30 }], feature: TEXTURE },
  { model: 'model.neural.perceptron', feature: TEXTURE, ensemble: ['strategy.ensemble.seed-bag'] },
  { model: [EXTRA, CRISP], feature: TEXTURE },
  { model: [SVM, { c: 1 }], feature: ALL, select: ['data.selection.quantile-normal'] },
  { model: LINEAR, feature: ALL },
  { model: QUADRATIC, feature: TEXTURE },
  { model: ['model.tabular-trees.lightgbm-slow-small', MILD], feature: ALL },
  { model: ['model.neural.perceptron', { units: 64 }], feature: ALL, ensemble: ['strategy.ensemble.seed-bag'] },
  { model: ['model.neighbours.k-nearest', { neighbours: 15 }], feature: TEXTURE, select: [COMPONENTS] },
  { model: [EXTRA, { ...CRISP, max_features: 0.3 }], feature: [SPECTRUM, SHIFTS, MOMENTS] },
  { model: [LOGISTIC, { strength: 0.1, balanced: true }], feature: ALL },
  { model: [SVM, { c: 3 }], feature: [[SPECTRUM, { rings: 12 }], [PATTERNS, { sigma: 1 }], EDGES, MOMENTS] },
  { model: ['model.tabular-trees.random-forest', { min_samples_leaf: 3, max_features: 'sqrt' }], feature: ALL },
  { model: [BOOSTING, { ...QUICK, num_leaves: 6 }], feature: [MOMENTS, EDGES, PATTERNS] },
  { model: [QUADRATIC, { reg_param: 0.3 }], feature: TEXTURE, select: [[COMPONENTS, { components: 12 }]] },
  { model: [LINEAR, { shrinkage: 0.3 }], feature: [SPECTRUM, SHIFTS, EDGES, MOMENTS] },
  { model: [LOGISTIC, { strength: 0.03 }], feature: [[SPECTRUM, { rings: 12, sectors: 12 }], MOMENTS] },
  { model: [EXTRA, CRISP], feature: [PIXELS] },
  { model: [SVM, { c: 3 }], feature: TEXTURE, also: [{ model: [BOOSTING, QUICK], feature: TEXTURE }] },
];
