/**
 * What stands between an author and a model: every call is written to the ledger before it is made, found again by its name when it is
 * repeated, and refused when it could pass a cap. Authors see this much of it; `activities/model-calls.ts` keeps the promises.
 */
import type { ModelReply, ModelRequest } from './model.js';

export interface Call {
  /** Unique within the proposal and the same on every repeat: `draft`, `draft-repair`, `review`, `plan-2`. */
  readonly step: string;
  readonly request: ModelRequest;
}

/** A reply, and whether it was paid now or found. */
export interface CallReply extends ModelReply {
  readonly found: boolean;
}

export interface ModelCalls {
  /** @throws ModelError, CapReachedError, RunEndedError, or the abort reason. */
  call(call: Call): Promise<CallReply>;
  /** What the calls of this proposal have cost, found ones included: a node's price does not depend on where it was interrupted. */
  readonly cost: () => { readonly usd: number | null; readonly tokens: number; readonly seconds: number };
}

/** The call could pass a cap of the run: it was not made. */
export class CapReachedError extends Error {
  override readonly name = 'CapReachedError';
  constructor(
    readonly cap: 'usd' | 'tokens' | 'calls',
    message: string,
  ) {
    super(message);
  }
}

/** The run has its results: nothing is asked for it any more. */
export class RunEndedError extends Error {
  override readonly name = 'RunEndedError';
}
