/** What to say of an activity that failed. */
import { ActivityFailure } from '@temporalio/workflow';

/** The message of the innermost cause: Temporal wraps what an activity threw. */
export function messageOf(error: unknown): string {
  const inner = error instanceof ActivityFailure && error.cause !== undefined ? error.cause : error;
  return (inner instanceof Error ? inner.message : String(inner)).slice(0, 300);
}
