/** What model calls have come to, for people. A price that is not known is "n/a", never 0. */
import type { CallSum, ModelMeter } from '../domain/model-meter.js';
import type { Caps } from '../domain/run-config.js';

/** `$0.0123`, `$4.20`, `n/a`. */
export function moneyText(usd: number | null): string {
  if (usd === null) return 'n/a';
  if (usd === 0) return '$0';
  return usd < 0.995 ? `$${Number(usd.toPrecision(3))}` : `$${usd.toFixed(2)}`;
}

/** `812`, `45.2k`, `3.1M`. */
export function tokensText(tokens: number): string {
  if (tokens < 1000) return String(tokens);
  return tokens < 999_950 ? `${(tokens / 1000).toFixed(1)}k` : `${(tokens / 1e6).toFixed(1)}M`;
}

/** Share of the input that the server found in its cache, `62 %`; empty while nothing was asked. */
export function cachedText({ paid }: ModelMeter): string {
  const { input, cachedInput } = paid.counts;
  return input === 0 ? '' : `${Math.round((100 * cachedInput) / input)} % cached`;
}

/** One line: `model $0.12 of $2.00 · 45.2k tokens, 62 % cached · 18 calls · 1 lost, up to $0.02`. */
export function usageLine(meter: ModelMeter, caps: Caps = {}): string {
  const { paid, lost, inFlight } = meter;
  const of = (text: string | undefined): string => (text === undefined ? '' : ` of ${text}`);
  const cached = cachedText(meter);
  const parts = [
    `model ${moneyText(paid.usd)}${of(caps.usd === undefined ? undefined : moneyText(caps.usd))}`,
    `${tokensText(paid.tokens)}${of(caps.tokens === undefined ? undefined : tokensText(caps.tokens))} tokens${cached === '' ? '' : `, ${cached}`}`,
    `${paid.calls}${of(caps.calls === undefined ? undefined : String(caps.calls))} calls`,
    ...(inFlight.calls > 0 ? [`${inFlight.calls} under way`] : []),
    ...(lost.calls > 0 ? [`${lost.calls} lost, ${boundText(lost)}`] : []),
  ];
  return parts.join(' · ');
}

/** The most that calls can have cost of which no reply arrived. */
export function boundText({ usd, tokens }: CallSum): string {
  return usd === null ? `up to ${tokensText(tokens)} tokens` : `up to ${moneyText(usd)}`;
}
