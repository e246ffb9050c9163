/** The metric a description names, by rules: no model is asked, and what was read is told to the user. */
import { type MetricChoice, MetricName, type MetricOptions } from '../domain/metric.js';
import { wordsOf } from './metric-words.js';

export interface MetricFound {
  readonly metric: MetricName;
  /** What the same sentence says about it: `MAP@5`, `F0.5`, `the 0.9 quantile`. */
  readonly options?: MetricOptions;
  /** The words that named it, in lower case. */
  readonly words: string;
}

interface Named {
  /** Nothing for a metric that nobody has registered. */
  readonly choice: MetricChoice | undefined;
  readonly words: string;
  readonly at: number;
}

/** The first metric named below a heading about evaluation, else anywhere; at one place the longest name wins. */
export function metricInText(text: string): MetricFound | undefined {
  const heading = /^#+.*(?:evaluat|metric|scoring|how .*scored|judged).*$/im.exec(text);
  const named = (heading && firstNamed(plain(text.slice(heading.index)))) ?? firstNamed(plain(text));
  if (named?.choice === undefined) return undefined;
  const { name: metric, options } = named.choice;
  return { metric, words: named.words, ...(options && { options }) };
}

/** Lower case, emphasis and formulas undone (`F_{0.5}`, `$R^2$`), hyphens and line ends as spaces. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/\\?beta|β/g, 'beta')
    .replace(/['’]s\b/g, '')
    .replace(/[*`"'’~$\\[\]]/g, '')
    .replace(/[\s_–—-]+/g, ' ')
    .replace(/\bf ?\{? ?(\d(?:\.\d+)?)\}?/g, 'f$1')
    .replace(/\bf ?\{ ?beta ?\}/g, 'f beta');
}

function firstNamed(text: string): Named | undefined {
  const found = [...byName(text), ...byPattern(text)].sort((a, b) => a.at - b.at || b.words.length - a.words.length);
  const [best] = found;
  if (best?.words !== 'accuracy') return best;
  const sentence = text.slice(best.at).search(/[.!?](?:\s|$)/);
  const end = sentence < 0 ? text.length : best.at + sentence;
  return found.find(({ words, at }) => words !== 'accuracy' && at < end) ?? best;
}

function byName(text: string): readonly Named[] {
  return MetricName.options.flatMap((name) =>
    wordsOf(name).flatMap((words) => {
      const at = indexOfWord(text, words);
      return at < 0 ? [] : [{ choice: withOptions(name, text, at, words), words, at }];
    }),
  );
}

/** Forms that no list of names holds; the first group is the option. */
const PATTERNS: readonly (readonly [RegExp, (option: string) => MetricChoice | undefined])[] = [
  [
    /\b(?:mean )?(?:average )?precision (?:at|over|across)\b[^.]{0,60}?\b(?:iou|intersection over union)\b/,
    () => undefined,
  ],
  [/\bmap ?@? ?\(?(?:iou|\[?0?\.5)/, () => undefined],
  [/\b(?:map|mean average precision) ?(?:@|at) ?(\d+)\b/, (k) => ({ name: 'map-at-k', options: { k: Number(k) } })],
  [/\bkendalls? tau\b[^.]{0,80}?\border(?:s|ing|ings)?\b/, () => ({ name: 'kendall-orders' })],
  [/\bndcg ?(?:@|at) ?(\d+)\b/, (k) => ({ name: 'ndcg', options: { k: Number(k) } })],
  [
    /\bf(0?\.\d+|[2-9](?:\.\d+)?)(?: score| measure)?\b/,
    (beta) => ({ name: 'fbeta', options: { beta: Number(beta) } }),
  ],
  [/\bf1(?: score)?[ ,(:]*(?:with |using )?(?:average ?= ?)?macro\b/, () => ({ name: 'f1-macro' })],
  [/\bf1(?: score)?[ ,(:]*(?:with |using )?(?:average ?= ?)?micro\b/, () => ({ name: 'f1-micro' })],
  [/\bf1(?: score)?[ ,(:]*(?:with |using )?(?:average ?= ?)?weighted\b/, () => ({ name: 'f1-weighted' })],
  [/\b(0?\.\d+) quantile (?:loss|score)\b/, (q) => ({ name: 'pinball', options: { quantile: Number(q) } })],
];

function byPattern(text: string): readonly Named[] {
  return PATTERNS.flatMap(([pattern, choice]) => {
    const found = pattern.exec(text);
    return found ? [{ choice: choice(found[1] ?? ''), words: found[0], at: found.index }] : [];
  });
}

/** What must follow, within the same sentence, for an option to belong to a metric. */
const OPTIONS: readonly (readonly [MetricName, RegExp, (option: string) => MetricOptions])[] = [
  ['map-at-k', /(?:@|\bat(?: k ?=)?|\bk ?=) ?(\d+)\b/, (k) => ({ k: Number(k) })],
  ['ndcg', /(?:@|\bat(?: k ?=)?|\bk ?=) ?(\d+)\b/, (k) => ({ k: Number(k) })],
  ['fbeta', /\bbeta ?(?:=|of|is|equal to|value of)? ?(\d+(?:\.\d+)?)/, (beta) => ({ beta: Number(beta) })],
  [
    'pinball',
    /(?:\b(?:quantile|alpha|tau|q)(?: level)? ?(?:=|of|is)? ?(0?\.\d+)|(0?\.\d+) ?(?:th )?quantile)/,
    (quantile) => ({ quantile: Number(quantile) }),
  ],
];

function withOptions(name: MetricName, text: string, at: number, words: string): MetricChoice {
  const rest = text.slice(at + words.length, at + words.length + 120);
  for (const [metric, pattern, options] of OPTIONS) {
    const found = metric === name ? pattern.exec(rest) : null;
    const option = found?.[1] ?? found?.[2];
    if (option !== undefined) return { name, options: options(option) };
  }
  return { name };
}

function indexOfWord(text: string, words: string): number {
  const escaped = words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.search(new RegExp(`(?<![a-z0-9])${escaped}(?![a-z0-9])`));
}
