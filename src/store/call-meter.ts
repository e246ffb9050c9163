/**
 * The meter of a run: one document that holds what its model calls have cost and what those under way may cost. A promise is added by a
 * conditional `$inc`, so that calls made at the same moment by several workers cannot pass a cap together. Pure: documents and updates.
 */
import type { UpdateFilter } from 'mongodb';
import type { RunId } from '../domain/ids.js';
import type { CapName, ModelMeter } from '../domain/model-meter.js';
import type { Caps } from '../domain/run-config.js';
import { type CallKey, type CallRow, meterOf, usdOf, type WorstCase } from './call-row.js';

/** Amounts of money are billionths of a US dollar; `unpriced` counts the calls whose price is not known. */
interface Sum {
  readonly calls: number;
  readonly tokens: number;
  readonly nanoUsd: number;
  readonly unpriced: number;
}

export interface CallMeter {
  readonly _id: RunId;
  readonly revision: number;
  /** The database's own time when it was last asked for. */
  readonly clock: Date;
  /** Paid, lost and promised together: what caps are checked against. */
  readonly held: Omit<Sum, 'unpriced'>;
  /** Promises by `n17/draft/1`. */
  readonly open: Readonly<Record<string, WorstCase>>;
  readonly paid: Sum & {
    readonly input: number;
    readonly cachedInput: number;
    readonly output: number;
    readonly reasoning: number;
    readonly seconds: number;
  };
  readonly lost: Sum;
  readonly failed: number;
}

export function keyOf(call: Omit<CallKey, 'runId'>): string {
  return `${call.callId}/${call.try}`;
}

export function emptyMeter(): Omit<CallMeter, '_id'> {
  return meterFrom([], new Date(0), 0);
}

/** A meter counted anew. */
export function meterFrom(rows: readonly CallRow[], clock: Date, revision: number): Omit<CallMeter, '_id'> {
  const of = (state: CallRow['state']) => rows.filter((row) => row.state === state);
  const { paid } = meterOf(rows);
  const done = of('done').map((row) => (row.state === 'done' ? row.nanoUsd : null));
  const sums = {
    paid: sumOf(paid.calls, paid.tokens, done),
    lost: boundsOf(of('lost')),
    begun: boundsOf(of('begun')),
  };
  const total = (name: 'calls' | 'tokens' | 'nanoUsd') => sums.paid[name] + sums.lost[name] + sums.begun[name];
  return {
    revision,
    clock,
    held: { calls: total('calls'), tokens: total('tokens'), nanoUsd: total('nanoUsd') },
    open: Object.fromEntries(of('begun').map((row) => [keyOf(row), row.worst])),
    paid: { ...sums.paid, ...paid.counts, seconds: paid.seconds },
    lost: sums.lost,
    failed: of('failed').length,
  };
}

export function readMeter(meter: Pick<CallMeter, 'open' | 'paid' | 'lost' | 'failed' | 'revision'>): ModelMeter {
  const { paid, lost, failed, revision } = meter;
  const open = Object.values(meter.open);
  const { input, cachedInput, output, reasoning, seconds } = paid;
  return {
    paid: { ...publicSum(paid), counts: { input, cachedInput, output, reasoning }, seconds },
    failed,
    lost: publicSum(lost),
    inFlight: {
      calls: open.length,
      tokens: open.reduce((sum, { tokens }) => sum + tokens, 0),
      usd: usdOf(open.map(({ nanoUsd }) => nanoUsd)),
    },
    revision,
  };
}

/** Matches a meter that has room for a call; money is only counted where its price is known. */
export function roomFor({ tokens, nanoUsd }: WorstCase, caps: Caps): Record<string, unknown> {
  return {
    ...(caps.calls !== undefined && { 'held.calls': { $lte: caps.calls - 1 } }),
    ...(caps.tokens !== undefined && { 'held.tokens': { $lte: caps.tokens - tokens } }),
    ...(caps.usd !== undefined && { 'held.nanoUsd': { $lte: nanoCap(caps.usd) - (nanoUsd ?? Infinity) } }),
  };
}

/** The cap that a call would pass. */
export function capOf({ held }: CallMeter, { tokens, nanoUsd }: WorstCase, caps: Caps): CapName {
  if (caps.usd !== undefined && held.nanoUsd + (nanoUsd ?? Infinity) > nanoCap(caps.usd)) return 'usd';
  return caps.tokens !== undefined && held.tokens + tokens > caps.tokens ? 'tokens' : 'calls';
}

export function promised(key: string, worst: WorstCase): UpdateFilter<CallMeter> {
  return {
    $set: { [`open.${key}`]: worst },
    $inc: { revision: 1, 'held.calls': 1, 'held.tokens': worst.tokens, 'held.nanoUsd': worst.nanoUsd ?? 0 },
    $currentDate: { clock: true },
  };
}

/** A promise taken back before anything came of it. */
export function withdrawn(key: string, worst: WorstCase): UpdateFilter<CallMeter> {
  return {
    $unset: { [`open.${key}`]: '' },
    $inc: { revision: 1, 'held.calls': -1, 'held.tokens': -worst.tokens, 'held.nanoUsd': -(worst.nanoUsd ?? 0) },
  };
}

/** From `before`, begun or lost, to `after`, ended. */
export function settlement(before: CallRow, after: CallRow): UpdateFilter<CallMeter> {
  const key = keyOf(after);
  const deltas = [...amounts(after, 1), ...amounts(before, -1), ...held(after, 1), ...held(before, -1)];
  const $inc: Record<string, number> = { revision: 1 };
  for (const [name, amount] of deltas) $inc[name] = ($inc[name] ?? 0) + amount;
  return { ...(before.state === 'begun' && { $unset: { [`open.${key}`]: '' } }), $inc };
}

type Deltas = readonly (readonly [string, number])[];

function held(row: CallRow, sign: 1 | -1): Deltas {
  if (row.state === 'failed') return [];
  const { tokens, nanoUsd } = costOf(row);
  return [
    ['held.calls', sign],
    ['held.tokens', sign * tokens],
    ['held.nanoUsd', sign * (nanoUsd ?? 0)],
  ];
}

function amounts(row: CallRow, sign: 1 | -1): Deltas {
  if (row.state === 'failed') return [['failed', sign]];
  if (row.state === 'begun') return [];
  const { tokens, nanoUsd } = costOf(row);
  const sum = { calls: 1, tokens, nanoUsd: nanoUsd ?? 0, unpriced: nanoUsd === null ? 1 : 0 };
  const name = row.state === 'done' ? 'paid' : 'lost';
  const more = row.state === 'done' ? { ...row.usage, seconds: row.seconds } : {};
  return Object.entries({ ...sum, ...more }).map(([field, amount]) => [`${name}.${field}`, sign * amount] as const);
}

/** What a call counts for: its price once that is known, and the worst case before. */
function costOf(row: CallRow): WorstCase {
  if (row.state !== 'done') return row.worst;
  return { tokens: row.usage.input + row.usage.output, nanoUsd: row.nanoUsd };
}

function publicSum({ calls, tokens, nanoUsd, unpriced }: Sum) {
  return { calls, tokens, usd: unpriced > 0 ? null : nanoUsd / 1e9 };
}

function boundsOf(rows: readonly CallRow[]): Sum {
  return sumOf(
    rows.length,
    rows.reduce((sum, row) => sum + row.worst.tokens, 0),
    rows.map((row) => row.worst.nanoUsd),
  );
}

function sumOf(calls: number, tokens: number, money: readonly (number | null)[]): Sum {
  return {
    calls,
    tokens,
    nanoUsd: money.reduce<number>((sum, one) => sum + (one ?? 0), 0),
    unpriced: money.filter((one) => one === null).length,
  };
}

function nanoCap(usd: number): number {
  return Math.floor(usd * 1e9 + 1e-3);
}
