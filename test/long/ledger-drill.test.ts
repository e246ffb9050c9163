/** 200 programs written by the stub with 10 % faults of every kind, and an author worker that is killed three times. Prints the ledgers. */
import { expect, test } from '@jest/globals';
import { FAULT_KINDS } from '../../src/stub-model/options.js';
import { expectHonestLedger } from '../support/ledger-checks.js';
import { ledgerDrill } from '../support/ledger-drill.js';
import { ledgerTable } from '../support/ledger-table.js';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

test('no node is lost, nothing stored is paid again, and the two ledgers agree to the token', async () => {
  const report = await ledgerDrill(
    {
      nodes: 200,
      slots: 4,
      ahead: 4,
      tempo: { runMs: [20, 120], failing: 0.15 },
      model: { seed: 7, latencyMs: { p50: 300, p95: 900 }, faults: { share: 0.1, kinds: FAULT_KINDS } },
      killAt: [40, 90, 140],
    },
    say,
  );
  say(ledgerTable(report));
  expectHonestLedger(report, 200);
  expect(report.inFlightAtKill.every((open) => open > 0)).toBe(true);
  const faulty = report.stub.filter(({ fault }) => fault !== undefined);
  expect(faulty.length / report.stub.length).toBeGreaterThan(0.05);
  expect(new Set(faulty.map(({ fault }) => fault)).size).toBeGreaterThan(10);
}, 1_200_000);
