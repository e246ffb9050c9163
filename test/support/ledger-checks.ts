/** What must hold of any drill: no node lost, rows ahead of requests, and our ledger equal to that of the server to the token. */
import { expect } from '@jest/globals';
import { type CallRow, meterOf } from '../../src/store/call-row.js';
import type { LedgerEntry } from '../../src/stub-model/ledger.js';
import { DRILL_PRICE, type DrillReport } from './ledger-drill.js';

export function expectHonestLedger(report: DrillReport, executions: number): void {
  expectNoLostNode(report, executions);
  expectRowsAhead(report);
  expectSameTokens(report);
  expectFewLost(report);
  expect(report.meter).toEqual(meterOf(report.rows, report.meter?.revision));
}

/** Every program that was written has been run and has ended. */
function expectNoLostNode({ events, status, nodesStored }: DrillReport, executions: number): void {
  const nodesOf = (...kinds: readonly string[]): readonly string[] =>
    events.flatMap((event) => (kinds.includes(event.kind) && 'nodeId' in event ? [event.nodeId] : []));
  const ended = nodesOf('finished', 'failed');
  const dropped = nodesOf('cancelled');
  expect(new Set(ended).size).toBe(ended.length);
  expect(status.executions.spent).toBe(executions);
  expect(ended).toHaveLength(executions);
  expect([...ended, ...dropped]).toEqual(expect.arrayContaining([...nodesOf('proposed')]));
  expect(nodesStored).toBeGreaterThanOrEqual(executions);
}

function isPaid(entry: LedgerEntry): boolean {
  return entry.input + entry.output > 0;
}

/** Each request that reached the server has a row that was begun before it. */
function expectRowsAhead({ rows, stub }: DrillReport): void {
  const byRequest = new Map(rows.flatMap((row) => ('requestId' in row && row.requestId ? [[row.requestId, row]] : [])));
  for (const entry of stub) {
    const row = byRequest.get(entry.requestId);
    const arrivedMs = Date.parse(entry.at) - entry.seconds * 1000;
    if (row) expect(row.at.getTime()).toBeLessThanOrEqual(arrivedMs + 1);
  }
  expect(rows.length).toBeGreaterThanOrEqual(stub.length);
}

/** What was answered and stored, call by call; and what was paid without reaching us is covered by what stands as lost. */
function expectSameTokens({ rows, stub }: DrillReport): void {
  const entries = new Map(stub.map((entry) => [entry.requestId, entry]));
  const done = rows.flatMap((row) => (row.state === 'done' ? [row] : []));
  expect(new Set(done.map((row) => row.requestId)).size).toBe(done.length);
  for (const row of done) {
    const { input, cachedInput, output, reasoning } = entries.get(row.requestId ?? '') ?? {};
    expect(row.usage).toEqual({ input, cachedInput, output, reasoning });
    expect(row.nanoUsd).toBe(nanoUsdOf(row));
    expect(row.usage.input + row.usage.output).toBeLessThanOrEqual(row.worst.tokens);
  }
  const ours = new Set(done.map((row) => row.requestId));
  const unseen = stub.filter((entry) => isPaid(entry) && !ours.has(entry.requestId));
  const lost = rows.filter((row) => row.state === 'lost');
  expect(unseen.length).toBeLessThanOrEqual(lost.length);
  const paid = (all: readonly LedgerEntry[]) => all.reduce((sum, entry) => sum + entry.input + entry.output, 0);
  const told = done.reduce((sum, row) => sum + row.usage.input + row.usage.output, 0);
  expect(paid(stub) - paid(unseen)).toBe(told);
  expect(paid(unseen)).toBeLessThanOrEqual(lost.reduce((sum, row) => sum + row.worst.tokens, 0));
  // One reply for each call: what was stored was never asked again.
  expect(new Set(done.map((row) => row.callId)).size).toBe(done.length);
}

function nanoUsdOf({ usage }: Extract<CallRow, { state: 'done' }>): number {
  const { input, cachedInput, output } = DRILL_PRICE;
  const fresh = usage.input - usage.cachedInput;
  return Math.ceil(1000 * (fresh * input + usage.cachedInput * cachedInput + usage.output * output) - 1e-6);
}

/** Replies that broke off are lost as well; those of a killed worker are at most those under way at the kill. */
function expectFewLost({ rows, inFlightAtKill }: DrillReport): void {
  const died = rows.filter((row) => row.state === 'lost' && row.cause === 'its worker died');
  expect(died.length).toBeLessThanOrEqual(inFlightAtKill.reduce((sum, open) => sum + open, 0));
  expect(rows.filter((row) => row.state === 'begun')).toEqual([]);
}
