/** The section of `report.md` that says what the language model did and cost. */
import type { CallRow } from '../store/call-row.js';
import type { RunFacts } from './facts.js';
import { markdownRows } from './markdown.js';
import { boundText, cachedText, moneyText, tokensText } from './model-usage.js';

/** Empty for a run that asked no model. */
export function modelSection({ run, model, calls = [] }: RunFacts): string {
  if (model === undefined) return '';
  const { paid, lost, failed } = model;
  const { counts } = paid;
  const lines = [
    `- **Paid**: ${moneyText(paid.usd)} for ${paid.calls} calls, ${tokensText(counts.input)} tokens in (${cachedText(model) || 'none cached'}), ${tokensText(counts.output)} out${counts.reasoning > 0 ? ` (${tokensText(counts.reasoning)} of them reasoning)` : ''}.`,
    `- **Prices**: ${pricesText(run.config, calls)}`,
    ...(failed > 0 ? [`- **Turned away**: ${failed} calls, nothing charged; they were made again.`] : []),
    ...(lost.calls > 0
      ? [
          `- **Lost**: ${lost.calls} calls whose reply never arrived, ${boundText(lost)} in all; they may have been charged.`,
        ]
      : []),
  ];
  const rows = byOperator(calls).map(([operator, sum]) => [
    operator,
    String(sum.calls),
    tokensText(sum.tokens),
    moneyText(sum.usd),
    `${(sum.seconds / Math.max(1, sum.calls)).toFixed(1)} s`,
  ]);
  const table =
    rows.length === 0 ? [] : ['', ...markdownRows(['operator', 'calls', 'tokens', 'money', 'per call'], rows)];
  return ['## Language model', '', ...lines, ...table].join('\n');
}

function pricesText(config: RunFacts['run']['config'], calls: readonly CallRow[]): string {
  const names = [...new Set([config.model?.name, config.model?.reviewer, ...calls.map((call) => call.model)])];
  const texts = names.flatMap((name) => {
    if (name === undefined) return [];
    const price = config.prices[name];
    if (price === undefined) return [`\`${name}\` n/a`];
    const cached = price.cachedInput === undefined ? '' : ` (cached ${price.cachedInput})`;
    const from = [price.source, price.asOf].filter((text) => text !== undefined).join(', ');
    return [`\`${name}\` ${price.input}${cached} in, ${price.output} out${from === '' ? '' : ` (${from})`}`];
  });
  return `US dollars per million tokens: ${texts.join('; ')}.`;
}

interface OperatorSum {
  readonly calls: number;
  readonly tokens: number;
  readonly usd: number | null;
  readonly seconds: number;
}

function byOperator(calls: readonly CallRow[]): readonly (readonly [string, OperatorSum])[] {
  const sums = new Map<string, OperatorSum>();
  for (const call of calls) {
    if (call.state !== 'done') continue;
    const before = sums.get(call.operator) ?? { calls: 0, tokens: 0, usd: 0, seconds: 0 };
    const usd = before.usd === null || call.nanoUsd === null ? null : before.usd + call.nanoUsd / 1e9;
    const tokens = before.tokens + call.usage.input + call.usage.output;
    sums.set(call.operator, { calls: before.calls + 1, tokens, usd, seconds: before.seconds + call.seconds });
  }
  return [...sums].sort(([, a], [, b]) => b.tokens - a.tokens);
}
