/** The ledger under faults and a killed author worker, in short; `test/long/ledger-drill.test.ts` is the whole of it. */
import { expect, test } from '@jest/globals';
import { FAULT_KINDS } from '../../src/stub-model/options.js';
import { expectHonestLedger } from '../support/ledger-checks.js';
import { ledgerDrill } from '../support/ledger-drill.js';

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
}, 120_000);
