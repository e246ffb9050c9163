/** Which cap a call would have passed, with the numbers. */
import type { CapName, ModelMeter } from '../domain/model-meter.js';
import type { Caps } from '../domain/run-config.js';
import type { WorstCase } from '../store/call-row.js';

export function capMessage(
  { cap, meter }: { readonly cap: CapName; readonly meter: ModelMeter },
  worst: WorstCase,
  caps: Caps,
): string {
  const { paid, lost, inFlight } = meter;
  const all = (name: 'usd' | 'tokens' | 'calls') => amount(name, (paid[name] ?? 0) + (lost[name] ?? 0));
  const wanted = { usd: worst.nanoUsd === null ? null : worst.nanoUsd / 1e9, tokens: worst.tokens, calls: 1 }[cap];
  const promised = inFlight.calls === 0 ? '' : `, up to ${amount(cap, inFlight[cap])} promised`;
  return `The cap of ${amount(cap, caps[cap] ?? null)} is reached: ${all(cap)} spent${promised}, and the next call may take ${amount(cap, wanted)}.`;
}

/** True when a call fits beside what is spent and lost: only promises stand in its way, and most of them will be given back. */
export function isHeldUp({ paid, lost, inFlight }: ModelMeter, worst: WorstCase, caps: Caps): boolean {
  const wanted = { usd: (worst.nanoUsd ?? Number.POSITIVE_INFINITY) / 1e9, tokens: worst.tokens, calls: 1 };
  const fits = (cap: CapName): boolean =>
    (paid[cap] ?? 0) + (lost[cap] ?? 0) + wanted[cap] <= (caps[cap] ?? Number.POSITIVE_INFINITY) + 1e-12;
  return inFlight.calls > 0 && fits('usd') && fits('tokens') && fits('calls');
}

function amount(cap: CapName, value: number | null): string {
  if (value === null) return 'an unknown amount';
  if (cap === 'usd') return `${Number(value.toPrecision(4))} US dollars`;
  return `${value} ${cap === 'tokens' ? 'tokens' : value === 1 ? 'call' : 'calls'}`;
}
