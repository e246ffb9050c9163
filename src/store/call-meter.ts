/**
 * The meter of a run: one document that holds what its model calls have cost and what those under way may cost. A promise is added by a
 * conditional `$inc`, so that calls made at the same moment by several workers cannot pass a cap together. Pure: documents and updates.
 */
import type { UpdateFilter } from 'mongodb';
import type { RunId } from '../domain/ids.js';
import type { CapName, ModelMeter } from '../domain/model-meter.js';
import type { Caps } from '../domain/run-config.js';
import { type CallKey, type CallRow, costOf, meterOf, usdOf, type WorstCase } from './call-row.js';

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
  /** Bounds of lost calls of which nothing came later, by `n17/draft/1`; a late reply is counted once, by taking its bound away. */
  readonly unsure: Readonly<Record<string, WorstCase>>;
  readonly failed: number;
  /** The run has ended: no call is begun any more. */
  readonly closed?: true;
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
    unsure: Object.fromEntries(of('lost').flatMap((row) => (isUnsure(row) ? [[keyOf(row), row.worst]] : []))),
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

/** The cap that a call would pass; undefined where it would pass none. The same bounds as `roomFor`. */
export function capOf({ held }: CallMeter, { tokens, nanoUsd }: WorstCase, caps: Caps): CapName | undefined {
  if (caps.usd !== undefined && held.nanoUsd > nanoCap(caps.usd) - (nanoUsd ?? Infinity)) return 'usd';
  if (caps.tokens !== undefined && held.tokens > caps.tokens - tokens) return 'tokens';
  return caps.calls !== undefined && held.calls > caps.calls - 1 ? 'calls' : undefined;
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

/** From `before`, begun or lost, to `after`, ended. To be applied where {@link pendingOf} `before` is there, so that it is applied once. */
export function settlement(before: CallRow, after: CallRow): UpdateFilter<CallMeter> {
  const deltas = [...amounts(after, 1), ...amounts(before, -1), ...held(after, 1), ...held(before, -1)];
  const $inc: Record<string, number> = { revision: 1 };
  for (const [name, amount] of deltas) $inc[name] = ($inc[name] ?? 0) + amount;
  const $set = isUnsure(after) ? { [pendingOf(after)]: after.worst } : undefined;
  return { $unset: { [pendingOf(before)]: '' }, ...($set && { $set }), $inc };
}

/** The field that stands for a call whose price is not known yet: a promise, or the bound of a loss. */
export function pendingOf(row: CallRow): string {
  return `${row.state === 'begun' ? 'open' : 'unsure'}.${keyOf(row)}`;
}

function isUnsure(row: CallRow): boolean {
  return row.state === 'lost' && row.late === undefined;
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

function publicSum({ calls, tokens, nanoUsd, unpriced }: Sum) {
  return { calls, tokens, usd: unpriced > 0 ? null : nanoUsd / 1e9 };
}

function boundsOf(rows: readonly CallRow[]): Sum {
  const costs = rows.map(costOf);
  return sumOf(
    rows.length,
    costs.reduce((sum, { tokens }) => sum + tokens, 0),
    costs.map(({ nanoUsd }) => nanoUsd),
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
