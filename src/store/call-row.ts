/** One model call as it is kept: written before the request is sent, completed when its end is known. */
import type { BlobId, NodeId, RunId } from '../domain/ids.js';
import type { ModelMeter, TokenCounts } from '../domain/model-meter.js';
import type { Operator } from '../domain/operator.js';

/** Upper bound of what one call can cost. */
export interface WorstCase {
  readonly tokens: number;
  /** Billionths of a US dollar, a whole number: sums of these are exact. Null: the price is not known. */
  readonly nanoUsd: number | null;
}

export interface CallKey {
  readonly runId: RunId;
  /** `n17/draft`: the proposal and the step in it, the same on every repeat. */
  readonly callId: string;
  /** 1 for the first; the next one after a call that failed or was lost. */
  readonly try: number;
}

export interface BegunCall extends CallKey {
  readonly state: 'begun';
  readonly nodeId: NodeId;
  readonly step: string;
  readonly operator: Operator;
  readonly model: string;
  /** The attempt that makes the call: whoever else finds the row waits for it or buries it. */
  readonly owner: string;
  readonly worst: WorstCase;
  readonly promptRef: BlobId;
  readonly at: Date;
}

/** What is known of a call whose end is known. */
export type KnownEnding =
  | {
      readonly state: 'done';
      readonly replyRef: BlobId;
      readonly usage: TokenCounts;
      /** `here`: the server did not say, and the tokens are our own count. */
      readonly counted: 'server' | 'here';
      readonly nanoUsd: number | null;
      readonly seconds: number;
      readonly finish: string;
      /** The model that answered. */
      readonly answeredBy: string;
      readonly requestId?: string;
      readonly endedAt: Date;
    }
  | {
      /** Turned away by the server, or never sent: nothing is charged. */
      readonly state: 'failed';
      readonly cause: string;
      readonly requestId?: string;
      readonly endedAt: Date;
    };

/** How a call ended. The first end stands: nothing changes the state of a call that has one. */
export type CallEnding =
  | KnownEnding
  | {
      /** Given up: nobody knew then whether it was answered and charged. */
      readonly state: 'lost';
      readonly cause: string;
      readonly requestId?: string;
      readonly endedAt: Date;
      /** What its owner learned afterwards: it tells the price, and nothing else comes of it. */
      readonly late?: KnownEnding;
    };

export type CallRow = Omit<BegunCall, 'state'> & {
  /** Last sign of life of the owner, by the database's clock. */
  readonly seenAt: Date;
} & ({ readonly state: 'begun' } | CallEnding);

/** What a call counts for: its price once that is known, and the worst case before. */
export function costOf(row: CallRow): WorstCase {
  const known = row.state === 'lost' ? row.late : row;
  if (known?.state === 'done') return { tokens: known.usage.input + known.usage.output, nanoUsd: known.nanoUsd };
  return known?.state === 'failed' ? { tokens: 0, nanoUsd: 0 } : row.worst;
}

/** The sums that the rows make: the truth behind every counter. */
export function meterOf(rows: readonly CallRow[], revision = 0): ModelMeter {
  const answered = rows.flatMap((row) => (row.state === 'done' ? [row] : []));
  const count = (name: keyof TokenCounts): number => answered.reduce((sum, row) => sum + row.usage[name], 0);
  const counts = {
    input: count('input'),
    cachedInput: count('cachedInput'),
    output: count('output'),
    reasoning: count('reasoning'),
  };
  const bounds = (state: CallRow['state']) => {
    const found = rows.filter((row) => row.state === state).map(costOf);
    const tokens = found.reduce((sum, cost) => sum + cost.tokens, 0);
    return { calls: found.length, tokens, usd: usdOf(found.map(({ nanoUsd }) => nanoUsd)) };
  };
  return {
    paid: {
      calls: answered.length,
      tokens: counts.input + counts.output,
      usd: usdOf(answered.map((row) => row.nanoUsd)),
      counts,
      seconds: answered.reduce((sum, row) => sum + row.seconds, 0),
    },
    failed: rows.filter((row) => row.state === 'failed').length,
    lost: bounds('lost'),
    inFlight: bounds('begun'),
    revision,
  };
}

/** US dollars of a sum of billionths; null as soon as one of them is not known. */
export function usdOf(amounts: readonly (number | null)[]): number | null {
  const sum = amounts.reduce<number | null>((total, one) => (total === null || one === null ? null : total + one), 0);
  return sum === null ? null : sum / 1e9;
}
