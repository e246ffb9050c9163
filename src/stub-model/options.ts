/** What a stub model can be told. */

/** Without an answer: nothing is generated and nothing counts as paid. */
export const REFUSALS = [
  'rate-limit',
  'overloaded',
  'server-error',
  'bad-gateway',
  'reset-before',
  'context',
  'wrong-key',
] as const;
/** The answer is generated and paid, and what arrives of it is damaged, late or useless. */
export const DAMAGES = [
  'reset-after',
  'cut-stream',
  'cut-json',
  'slow',
  'empty',
  'wrong-shape',
  'cut-text',
  'refusal',
] as const;

export const FAULT_KINDS = [...REFUSALS, ...DAMAGES] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface StubOptions {
  /** Default 127.0.0.1. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly seed: number;
  /** Median and 95th percentile of a log-normal distribution; both 0 answers at once. */
  readonly latencyMs: { readonly p50: number; readonly p95: number };
  /** Share of the calls that go wrong, evenly over `kinds`. */
  readonly faults: { readonly share: number; readonly kinds: readonly FaultKind[] };
  /** `ignore` answers in prose and fences, as servers do that accept a schema and do not enforce it; `refuse` answers 400. */
  readonly schema: 'honour' | 'ignore' | 'refuse';
  /** Share of the first programs that crash; asked to debug one, the stub answers with the same program repaired. */
  readonly buggy: number;
  /** Share of the edits that do not fit the program at first; told so, the stub sends the right ones. */
  readonly clumsy: number;
  /** Share of the programs that a review objects to: a patch, or a rejection. */
  readonly strict: number;
  /** Share of the replies that are attacks; for drills. */
  readonly hostile: number;
  /** Input and requested output together. */
  readonly contextTokens: number;
  /** When given, calls with another key are answered with 401. */
  readonly apiKey?: string;
  /** Every call is appended as a line of JSON. */
  readonly ledgerPath?: string;
}

export const MODEL_NAME = 'stub-model';
