/** What the model calls of a run have come to. Plain JSON, types only. */

/** `cachedInput` is part of `input`, `reasoning` of `output`. */
export interface TokenCounts {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
  readonly reasoning: number;
}

export interface CallSum {
  readonly calls: number;
  readonly tokens: number;
  /** US dollars; null: the price of at least one of the calls is not known. */
  readonly usd: number | null;
}

export interface ModelMeter {
  /** Calls that were answered: what they cost, by the server's own count. */
  readonly paid: CallSum & { readonly counts: TokenCounts; readonly seconds: number };
  /** Refused or turned away: nothing was charged. */
  readonly failed: number;
  /** Calls that were given up before a reply arrived: what they may have cost at most; what they cost, where it came to be known. */
  readonly lost: CallSum;
  /** Calls on their way: what they may cost at most. */
  readonly inFlight: CallSum;
  /** Grows with every change: of two meters the one with the larger number is the later one. */
  readonly revision: number;
}

/** Names of the caps of a run. */
export type CapName = 'usd' | 'tokens' | 'calls';
