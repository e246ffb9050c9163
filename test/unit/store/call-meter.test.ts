/** The two readings of a cap agree: what the database admits, and which cap is named when it admits nothing. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Caps } from '../../../src/domain/run-config.js';
import { type CallMeter, capOf, emptyMeter, roomFor } from '../../../src/store/call-meter.js';

const amount = fc.nat(20);
/** In dollars, so that its billionths are near the small amounts held. */
const money = fc.nat(20).map((nano) => nano / 1e9);

const meterOf = (held: CallMeter['held']): CallMeter => ({ ...emptyMeter(), held }) as CallMeter;

/** As the database reads `{ 'held.calls': { $lte: 3 } }`. */
function admits(room: Record<string, unknown>, held: CallMeter['held']): boolean {
  return Object.entries(room).every(([path, bound]) => {
    const name = path.replace('held.', '') as keyof CallMeter['held'];
    return held[name] <= (bound as { readonly $lte: number }).$lte;
  });
}

test('a call is named a cap exactly when there is no room for it', () => {
  const seen = new Set<string | undefined>();
  fc.assert(
    fc.property(
      fc.record({ calls: amount, tokens: amount, nanoUsd: amount }),
      fc.record({ tokens: amount, nanoUsd: fc.option(amount) }),
      fc.record({ calls: amount, tokens: amount, usd: money }, { requiredKeys: [] }),
      (held, worst, caps) => {
        const cap = capOf(meterOf(held), worst, caps as Caps);
        seen.add(cap);
        expect(cap === undefined).toBe(admits(roomFor(worst, caps as Caps), held));
      },
    ),
    { numRuns: 1000 },
  );
  expect(seen).toEqual(new Set([undefined, 'calls', 'tokens', 'usd']));
});

test('a run without caps has room, and one that is full says which cap it is', () => {
  const held = { calls: 12, tokens: 900, nanoUsd: 500 };
  const worst = { tokens: 100, nanoUsd: 50 };
  expect(capOf(meterOf(held), worst, {})).toBeUndefined();
  expect(capOf(meterOf(held), worst, { tokens: 1000 })).toBeUndefined();
  expect(capOf(meterOf(held), worst, { tokens: 999 })).toBe('tokens');
  expect(capOf(meterOf(held), worst, { calls: 12 })).toBe('calls');
  // What has no known price has no room under a cap of money.
  expect(capOf(meterOf(held), { ...worst, nanoUsd: null }, { usd: 1 })).toBe('usd');
});
