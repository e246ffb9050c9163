/** The metric a description names, by rules: no model is asked, and what was read is told to the user. */
import { METRICS, MetricName } from '../domain/metric.js';

export interface MetricFound {
  readonly metric: MetricName;
  /** The words that named it. */
  readonly words: string;
}

const EXTRA: Partial<Record<MetricName, readonly string[]>> = {
  auc: [
    'area under the roc curve',
    'area under the receiver operating characteristic curve',
    'area under the curve',
    'roc auc',
  ],
  logloss: ['logarithmic loss', 'multi-class logarithmic loss', 'log loss'],
  accuracy: ['classification accuracy', 'share of correct', 'percentage of correct'],
  'f1-macro': ['macro-averaged f1', 'macro averaged f1', 'macro f1', 'average f1'],
  qwk: ['quadratic weighted kappa', 'quadratically weighted kappa'],
  rmse: ['root mean squared error', 'root-mean-squared-error', 'root mean square error'],
  rmsle: ['root mean squared logarithmic error', 'root mean squared log error'],
  mae: ['mean absolute error'],
  r2: ['r-squared', 'coefficient of determination', 'r²'],
  spearman: ['spearman'],
};

/** The first metric named below a heading about evaluation, else anywhere; at equal places the longest name wins. */
export function metricInText(text: string): MetricFound | undefined {
  const lower = text.toLowerCase();
  const heading = /^#+.*(?:evaluation|metric|scoring).*$/m.exec(lower);
  return (heading && firstNamed(lower.slice(heading.index))) ?? firstNamed(lower);
}

function firstNamed(text: string): MetricFound | undefined {
  const found = MetricName.options.flatMap((metric) =>
    namesOf(metric).flatMap((words) => {
      const at = indexOfWord(text, words);
      return at < 0 ? [] : [{ metric, words, at }];
    }),
  );
  const [best] = found.sort((a, b) => a.at - b.at || b.words.length - a.words.length);
  return best && { metric: best.metric, words: best.words };
}

function namesOf(metric: MetricName): readonly string[] {
  const aliases = [metric, ...METRICS[metric].aliases].filter((name) => name !== 'l1' && name !== 'acc');
  return [...aliases, ...aliases.map((name) => name.replaceAll('-', ' ')), ...(EXTRA[metric] ?? [])];
}

function indexOfWord(text: string, words: string): number {
  const escaped = words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.search(new RegExp(`(?<![a-z0-9])${escaped}(?![a-z0-9])`));
}
