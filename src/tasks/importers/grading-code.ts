/** Which metric a piece of grading code computes: read from the functions it calls, since labels of graders are known to be wrong. */
import { MetricName, metricChosen } from '../../domain/metric.js';
import { metricInText } from '../metric-rules.js';
import type { BenchmarkMetric } from './benchmark-plan.js';

type Choice = Omit<BenchmarkMetric, 'source'>;

export interface MetricEvidence {
  /** Text of `grade.py` or `metric.py`. */
  readonly code?: string;
  /** The benchmark's name for its grader. */
  readonly label?: string;
  readonly description?: string;
}

export interface MetricFinding {
  readonly metric?: BenchmarkMetric;
  readonly notes: readonly string[];
}

export function metricOfGrader({ code, label, description }: MetricEvidence): MetricFinding {
  const labelled = label === undefined ? undefined : metricOfLabel(label);
  if (code !== undefined) {
    const found = metricInCode(code);
    const notes = found ? disagreement(found, label, labelled) : [UNKNOWN_CODE];
    return found ? { metric: { ...found, source: 'code' }, notes } : { notes };
  }
  if (labelled !== undefined) {
    return {
      metric: { ...labelled, source: 'label' },
      notes: [`Metric: ${labelled.name}, from the grader's label "${label}" alone, which is wrong in places.`],
    };
  }
  const words = description === undefined ? undefined : metricInText(description);
  if (words === undefined) return { notes: ['No grading code, label or description names a metric that we have.'] };
  return {
    metric: { name: words.metric, ...(words.options && { options: words.options }), source: 'description' },
    notes: [`Metric: ${words.metric}, because the description says "${words.words}".`],
  };
}

const UNKNOWN_CODE = 'The grading code computes a metric that we do not have: only the benchmark can grade this one.';

function disagreement(found: Choice, label: string | undefined, labelled: Choice | undefined): readonly string[] {
  if (label === undefined || labelled?.name === found.name) return [];
  const known = labelled === undefined ? 'which names no metric of ours' : `that is ${labelled.name}`;
  return [`The grader's label says "${label}" (${known}); its code computes ${found.name}, which is taken.`];
}

/** The label's metric, after the words that MLE-bench uses. */
function metricOfLabel(label: string): Choice | undefined {
  const key = label.trim().toLowerCase();
  const choice = metricChosen(key) ?? metricChosen(key.replace(/^(?:mean-column-wise|mean|average)-/, ''));
  return choice && { name: choice.name, ...(choice.options && { options: choice.options }) };
}

/** Nothing when the code does something that none of our metrics does. */
export function metricInCode(code: string): Choice | undefined {
  const text = withoutComments(code);
  if (EXOTIC.test(text)) return undefined;
  for (const [pattern, choose] of RULES) {
    const call = pattern.exec(text);
    if (call === null) continue;
    const choice = choose(argumentsAt(text, call.index + call[0].length), text);
    if (choice === undefined) return undefined;
    return COMPLEMENT.test(text) ? { ...choice, complement: true } : choice;
  }
  return undefined;
}

/** Metrics made of ours in a way that we do not follow: bias-weighted AUC, detection, surfaces, angles. */
const EXOTIC =
  /hausdorff|angular|weighted_auc|subgroup|bias_?auc|bpsn|bnsp|power_mean|final_metric|evaluation\.mAP|DetectionMAP|pycocotools|pfbeta|probabilistic_f|mean_average_precision\b(?!_at)|iou_thresh|weighted_log_?loss|thresholds\s*=/i;
const COMPLEMENT = /return\s+1(?:\.0*)?\s*-\s/;

const named =
  (name: MetricName): (() => Choice) =>
  () => ({ name });

/** In this order: what a specific name says goes before what it is made of. Each pattern ends where the arguments begin. */
const RULES: readonly (readonly [RegExp, (args: string, text: string) => Choice | undefined])[] = [
  [/\b(?:kullback_leibler\w*|kl_div\w*)(?:\.\w+)?\s*\(/i, named('kl-divergence')],
  [/\b\w*laplace\w*\s*\(/i, named('laplace-log-likelihood')],
  [/\b\w*haversine\w*\s*\(/i, named('haversine')],
  [/\b\w*log_mae\w*\s*\(/i, (_, text) => grouped('log-mae', text)],
  [/\b(?:\w*average_precision_at_k|map_?at_?k|mapk|map@k)\s*\(/i, (args) => withK('map-at-k', args)],
  [/\blwlrap\w*\s*\(/i, named('lwlrap')],
  [
    /\blabel_ranking_average_precision_score\s*\(/,
    (args) => ({ name: /sample_weight/.test(args) ? 'lwlrap' : 'lrap' }),
  ],
  [/\baverage_precision_score\s*\(/, unweighted('average-precision')],
  [/\bndcg\w*\s*\(/i, (args) => withK('ndcg', args)],
  [/\broc_auc_score\s*\(|\bauroc\w*\s*\(/i, unweighted('auc')],
  [/\blog_loss\s*\(/, named('logloss')],
  [/\bbrier_score_loss\s*\(/, named('brier')],
  [/\bcohen_kappa_score\s*\(/, (args) => kappa(args)],
  [/\bquadratic_weighted_kappa\s*\(/, named('qwk')],
  [/\bmatthews_corrcoef\s*\(/, named('mcc')],
  [/\bfbeta_score\s*\(/, (args) => withBeta(args)],
  [/\bf1_score\s*\(/, (args) => ({ name: f1Name(args) })],
  [/\bbalanced_accuracy_score\s*\(/, named('balanced-accuracy')],
  [/\baccuracy_score\s*\(/, named('accuracy')],
  [/\bjaccard_score\s*\(/, named('jaccard')],
  [/\b\w*jaccard\w*\s*\(/i, (_, text) => ({ name: /\.split\(/.test(text) ? 'jaccard-words' : 'jaccard-sets' })],
  [/\broot_mean_squared_log_error\s*\(|\brmsle\w*\s*\(/i, named('rmsle')],
  [/\bmean_squared_log_error\s*\(/, (args, text) => rooted('rmsle', args, text)],
  [/\broot_mean_squared_error\s*\(|\b(?:mc)?rmse\w*\s*\(/i, named('rmse')],
  [/\bmean_squared_error\s*\(/, (args, text) => rooted('rmse', args, text)],
  [/\bmean_absolute_percentage_error\s*\(/, named('mape')],
  [/\bsmape\w*\s*\(/i, named('smape')],
  [/\bmean_absolute_error\s*\(|\bmae\s*\(/i, named('mae')],
  [/\bmean_pinball_loss\s*\(/, named('pinball')],
  [/\br2_score\s*\(/, named('r2')],
  [/\bspearmanr\s*\(/, named('spearman')],
  [/\bpearsonr\s*\(/, named('pearson')],
  [/\bkendall\w*\s*\(/i, named('kendall')],
  [/\b(?:levenshtein\w*|Levenshtein\.distance|edit_distance)\s*\(|\bdistance\s*\(/, levenshtein],
  [/\b\w*dice\w*\s*\(/i, named('dice')],
  [/\bnp\.sqrt\(/, (_, text) => squaredByHand(text)],
];

/** Weights of rows come from somewhere in the code that we do not follow. */
function unweighted(name: MetricName): (args: string) => Choice | undefined {
  return (args) => (/sample_weight/.test(args) ? undefined : { name });
}

function grouped(name: MetricName, text: string): Choice {
  const group = /groupby\(\s*(?:by\s*=\s*)?['"](\w+)['"]/.exec(text)?.[1];
  return group === undefined ? { name } : { name, options: { group } };
}

function kappa(args: string): Choice | undefined {
  if (/weights\s*=\s*['"]quadratic/.test(args)) return { name: 'qwk' };
  return /weights\s*=/.test(args) ? undefined : { name: 'kappa' };
}

function f1Name(args: string): MetricName {
  const average = /average\s*=\s*['"](\w+)/.exec(args)?.[1] ?? 'binary';
  return MetricName.options.find((name) => name === `f1-${average}`) ?? 'f1';
}

function withBeta(args: string): Choice | undefined {
  const beta = Number(/beta\s*=\s*([\d.]+)/.exec(args)?.[1]);
  return beta > 0 ? { name: 'fbeta', options: { beta } } : undefined;
}

function withK(name: 'map-at-k' | 'ndcg', args: string): Choice {
  const k = Number(/\bk\s*=\s*(\d+)/.exec(args)?.[1] ?? /,\s*(\d+)\s*$/.exec(args)?.[1]);
  return k > 0 ? { name, options: { k } } : { name };
}

/** A mean square of which nobody takes the root is no metric of ours. */
function rooted(name: MetricName, args: string, text: string): Choice | undefined {
  return /squared\s*=\s*False/.test(args) || /\bsqrt\(|\*\*\s*0?\.5/.test(text) ? { name } : undefined;
}

function levenshtein(_: string, text: string): Choice | undefined {
  return /levenshtein/i.test(text) ? { name: 'levenshtein' } : undefined;
}

/** `np.sqrt(np.mean((a - b) ** 2))` and the same of logarithms, in one expression or two. */
function squaredByHand(text: string): Choice | undefined {
  if (!/mean\(/.test(text) || !/\*\*\s*2|np\.square\(/.test(text)) return undefined;
  return { name: /\blog1p\(/.test(text) ? 'rmsle' : 'rmse' };
}

/** Text between the bracket that ends just before `from` and its partner. */
function argumentsAt(text: string, from: number): string {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0) return text.slice(from, at);
  }
  return text.slice(from);
}

/** Code without comments and without texts in triple quotes; `def` lines do not count as calls. */
function withoutComments(code: string): string {
  return code
    .replace(/('''|""")[\s\S]*?\1/g, '')
    .replace(/#.*$/gm, '')
    .replace(/^\s*(?:async\s+)?def\s+\w+/gm, 'def ');
}
