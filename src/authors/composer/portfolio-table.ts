/** Tables. Ideas for the other kind of target are skipped, so both kinds share one order. */
import type { PlanIdea } from './assemble.js';
import type { Facts } from './facts.js';

const CURVED = 'data.feature.curved-counts';
const DUMMIES = 'data.feature.integer-dummies';
const PAIRS = 'data.feature.pair-arithmetic';
const SPLINES = 'data.feature.splines';
const QUADRATIC = 'data.feature.quadratic';
const SUMMARIES = 'data.feature.row-summaries';
const NORMAL = 'data.selection.quantile-normal';
const SERIES = 'model.series.continued-rest';
const SMALL_TREES = 'model.tabular-trees.lightgbm-slow-small';
const THEMES = 'data.feature.table-text';
const TARGET_MEANS = 'data.encoder.target-means';
const MANY_LEVELS = 20;
/** Where full trees overtake tiny ones. */
const MANY_ROWS = 10_000;
const FULL_TREES: PlanIdea = { model: ['model.tabular-trees.lightgbm-default', { n_estimators: 500 }] };

export const TABLE_PORTFOLIO: readonly PlanIdea[] = [
  { model: SMALL_TREES },
  { model: ['model.linear.ridge', { alpha: 30 }], feature: [SPLINES] },
  { model: ['model.linear.logistic', { strength: 0.1 }], feature: [SPLINES] },
  { model: 'model.tabular-trees.catboost' },
  { model: 'model.tabular-trees.random-forest' },
  { model: 'model.tabular-trees.lightgbm-extra-trees' },
  { model: 'model.neural.perceptron', ensemble: [['strategy.ensemble.seed-bag', { seeds: 5 }]] },
  { model: 'model.tabular-trees.xgboost' },
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
  { model: [SMALL_TREES, { num_leaves: 15, n_estimators: 150 }], feature: [PAIRS] },
  { model: 'model.tabular-trees.lightgbm-default', encode: ['data.encoder.level-counts'] },
  { model: ['model.linear.ridge', { alpha: 300 }], feature: [SPLINES, DUMMIES] },
  { model: ['model.tabular-trees.lightgbm-extra-trees', { num_leaves: 6 }], ensemble: ['strategy.ensemble.seed-bag'] },
  { model: ['model.tabular-trees.extra-trees', { max_features: 'sqrt', min_samples_leaf: 2 }], feature: [CURVED] },
  { model: ['model.linear.ridge', { alpha: 2000 }], feature: [QUADRATIC] },
  { model: ['model.linear.logistic', { strength: 0.003 }], feature: [QUADRATIC] },
  { model: ['model.kernel.support-vectors', { c: 0.3 }], feature: [DUMMIES] },
  {
    model: SMALL_TREES,
    also: [{ model: ['model.linear.ridge', { alpha: 30 }], feature: [SPLINES] }],
  },
  {
    model: SMALL_TREES,
    also: [{ model: ['model.linear.logistic', { strength: 0.1 }], feature: [SPLINES] }],
  },
  { model: [SMALL_TREES, { num_leaves: 4 }], feature: [CURVED, DUMMIES] },
  { model: [SMALL_TREES, { objective: 'l1' }] },
  { model: [SMALL_TREES, { objective: 'poisson' }] },
  { model: SMALL_TREES, post: ['strategy.target.log1p'] },
  { model: 'model.discriminant.quadratic', select: [['data.selection.principal-components', { components: 8 }]] },
];

/** The portfolio for one table: what its target asks for comes early, and columns of words are not left unread. */
export function tablePortfolio(facts: Facts): readonly PlanIdea[] {
  const [first, ...others] = TABLE_PORTFOLIO;
  const full = facts.card.rows.train > MANY_ROWS ? [FULL_TREES] : [];
  const ideas = [...series(facts), ...full, ...(first ? [first] : []), ...forTarget(facts), ...others];
  const texts = facts.textColumns.length > 0;
  const levels = facts.otherColumns.some((column) => column.kind === 'category' && column.unique > MANY_LEVELS);
  // Every third program goes without, so that the search learns what they are worth.
  return ideas.map((idea, index) => ({
    ...idea,
    ...(texts && index % 3 < 2 && { feature: [...(idea.feature ?? []), THEMES] }),
    ...(levels && index % 3 > 0 && { encode: [...(idea.encode ?? []), TARGET_MEANS] }),
  }));
}

/** Rows that lie after all others are forecast: what has only seen earlier moments cannot go beyond them. */
function series({ card }: Facts): readonly PlanIdea[] {
  if (card.time === undefined || card.classes !== undefined) return [];
  return [{ model: SERIES }, { model: [SERIES, { num_leaves: 6, fading: 0.95 }] }];
}

/** Counts are asked under their own loss, absolute errors too, and amounts over several sizes on a log scale. */
function forTarget({ card }: Facts): readonly PlanIdea[] {
  const [low, high] = card.targetRange ?? [0, 0];
  if (card.classes !== undefined) return [];
  const amounts = low >= 0 && high > 20 * Math.max(1, low) && card.metric !== 'rmsle';
  return [
    ...(card.taskType === 'count' && card.metric !== 'rmsle'
      ? [{ model: [SMALL_TREES, { objective: 'poisson' }] } as const]
      : []),
    ...(card.metric === 'mae' ? [{ model: [SMALL_TREES, { objective: 'l1' }] } as const] : []),
    ...(amounts
      ? [
          { model: SMALL_TREES, post: ['strategy.target.log1p'] },
          {
            model: ['model.linear.ridge', { alpha: 30 }],
            feature: [SPLINES],
            post: ['strategy.target.log1p'],
          } as const,
        ]
      : []),
  ];
}
