/** How a program prints each metric on its hold-out rows: the import and the expression. */
import type { MetricName } from '../../domain/metric.js';
import type { TaskCard } from '../../domain/task-card.js';

export interface MetricText {
  readonly imports: readonly string[];
  /** Over `truth` and `guess` (values), `chance` (probabilities) or `labels` (class numbers). */
  expression(binary: boolean): string;
}

const from = (name: string): readonly string[] => [`from sklearn.metrics import ${name}`];
const ALL = 'labels=range(len(CLASSES))';

const TEXTS = {
  rmse: { imports: from('root_mean_squared_error'), expression: () => 'root_mean_squared_error(truth, guess)' },
  rmsle: {
    imports: from('root_mean_squared_log_error'),
    expression: () => 'root_mean_squared_log_error(truth, np.maximum(guess, 0))',
  },
  mae: { imports: from('mean_absolute_error'), expression: () => 'mean_absolute_error(truth, guess)' },
  r2: { imports: from('r2_score'), expression: () => 'r2_score(truth, guess)' },
  spearman: { imports: ['from scipy.stats import spearmanr'], expression: () => 'spearmanr(truth, guess).statistic' },
  auc: {
    imports: from('roc_auc_score'),
    expression: (binary) =>
      binary ? 'roc_auc_score(truth, guess[:, 1])' : `roc_auc_score(truth, guess, multi_class="ovr", ${ALL})`,
  },
  logloss: { imports: from('log_loss'), expression: () => `log_loss(truth, guess, ${ALL})` },
  accuracy: { imports: from('accuracy_score'), expression: () => 'accuracy_score(truth, decide(guess))' },
  'f1-macro': { imports: from('f1_score'), expression: () => 'f1_score(truth, decide(guess), average="macro")' },
  brier: { imports: [], expression: () => '((guess - np.eye(len(CLASSES))[truth]) ** 2).sum(axis=1).mean()' },
  'balanced-accuracy': {
    imports: from('balanced_accuracy_score'),
    expression: () => 'balanced_accuracy_score(truth, decide(guess))',
  },
  'f1-micro': { imports: from('f1_score'), expression: () => 'f1_score(truth, decide(guess), average="micro")' },
  'f1-weighted': { imports: from('f1_score'), expression: () => 'f1_score(truth, decide(guess), average="weighted")' },
  mcc: { imports: from('matthews_corrcoef'), expression: () => 'matthews_corrcoef(truth, decide(guess))' },
  kappa: { imports: from('cohen_kappa_score'), expression: () => 'cohen_kappa_score(truth, decide(guess))' },
  mape: {
    imports: from('mean_absolute_percentage_error'),
    expression: () => 'mean_absolute_percentage_error(truth, guess)',
  },
  pearson: { imports: [], expression: () => 'np.corrcoef(truth, guess)[0, 1]' },
  kendall: { imports: ['from scipy.stats import kendalltau'], expression: () => 'kendalltau(truth, guess).statistic' },
  qwk: {
    imports: from('cohen_kappa_score'),
    expression: () => 'cohen_kappa_score(truth, decide(guess), weights="quadratic")',
  },
} as const satisfies Partial<Record<MetricName, MetricText>>;

type Told = keyof typeof TEXTS;

const NEAREST: Readonly<Record<TaskCard['predictions'], Told>> = {
  value: 'rmse',
  probability: 'logloss',
  label: 'accuracy',
  text: 'accuracy',
};

/** The metric a program prints about itself: the task's own, or the nearest that one line can compute. */
export function printedMetric(
  card: Pick<TaskCard, 'metric' | 'predictions'>,
): MetricText & { readonly name: MetricName } {
  const name = isTold(card.metric) ? card.metric : NEAREST[card.predictions];
  return { name, ...TEXTS[name] };
}

function isTold(name: MetricName): name is Told {
  return Object.hasOwn(TEXTS, name);
}
