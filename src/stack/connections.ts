/** What the rest of the product needs to know about the stack, and nothing about how it came to be. */

export const PIECE_NAMES = ['temporal', 'database', 'python', 'sandbox'] as const;
export type PieceName = (typeof PIECE_NAMES)[number];

/** Where everything is once `up` has returned. */
export interface StackConnections {
  /** `host:port` of the Temporal frontend; empty when Temporal was not asked for. */
  readonly temporalAddress: string;
  /** Absent when the server was not started by us. */
  readonly temporalUiUrl?: string;
  /** Empty when the database was not asked for. */
  readonly mongodbUri: string;
  /** The interpreter that runs candidates and the evaluator; empty when Python was not asked for. */
  readonly python: string;
  /** A bubblewrap of version 0.8 or later; absent where none can be had or was asked for. What it can do is found out by the executor. */
  readonly bwrap?: string;
  /** Everything that is weaker or other than the default, one sentence each, to be shown at the start of a run. */
  readonly notes: readonly string[];
}
