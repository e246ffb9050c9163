/** The ledger under faults and a killed author worker, in short; `test/long/ledger-drill.test.ts` is the whole of it. */
import { expect, test } from '@jest/globals';
import { FAULT_KINDS } from '../../src/stub-model/options.js';
import { expectHonestLedger } from '../support/ledger-checks.js';
import { DRILL_PRICE, ledgerDrill } from '../support/ledger-drill.js';

test('a killed author worker loses no node, pays for nothing twice, and leaves two ledgers that agree', async () => {
  const report = await ledgerDrill({
    nodes: 20,
    slots: 3,
    ahead: 2,
    tempo: { runMs: [20, 80], failing: 0.15 },
    model: { seed: 3, latencyMs: { p50: 300, p95: 800 }, faults: { share: 0.1, kinds: FAULT_KINDS } },
    killAt: [4],
  });
  expectHonestLedger(report, 20);
  expect(report.inFlightAtKill[0]).toBeGreaterThan(0);
}, 300_000);

test('a run whose money cap is reached stops before it passes it, finishes what runs, and delivers', async () => {
  const cap = 0.15;
  const report = await ledgerDrill({
    nodes: 100,
    slots: 2,
    ahead: 1,
    tempo: { runMs: [20, 60], failing: 0 },
    model: { seed: 5, latencyMs: { p50: 40, p95: 120 } },
    killAt: [],
    config: { caps: { usd: cap } },
  });
  const { result, meter, status, stub, events } = report;
  expect(result).toMatchObject({ reason: 'budget', message: expect.stringContaining(`cap of ${cap} US dollars`) });
  expect(result.bestNode).not.toBeNull();
  const spent = stub.reduce((sum, { input, cachedInput, output }) => {
    const fresh = input - cachedInput;
    return sum + fresh * DRILL_PRICE.input + cachedInput * DRILL_PRICE.cachedInput + output * DRILL_PRICE.output;
  }, 0);
  expect(meter?.paid.usd).toBeCloseTo(spent / 1e6, 8);
  expect(spent / 1e6).toBeLessThanOrEqual(cap);
  expect(spent / 1e6).toBeGreaterThan(cap / 3);
  expect(status).toMatchObject({ phase: 'done', inFlight: [] });
  expect(events.filter(({ kind }) => kind === 'finished').length).toBe(status.executions.spent);
  expect(meter?.inFlight.calls).toBe(0);
}, 300_000);
