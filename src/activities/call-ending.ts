/** What a call that was not answered may have cost: nothing, or nobody knows. */
import { ModelError, NEVER_SENT } from '../authors/llm/model.js';
import type { CallEnding } from '../store/call-row.js';

/** A gateway that lost patience: the server behind it may have answered. */
const GATEWAY_TIMEOUTS = [408, 504, 524];

/** A complaint with a status is no reply and costs nothing. Where no status came, the reply may be on its way and on the bill. */
export function endingOf(error: unknown): CallEnding {
  const endedAt = new Date();
  const cause = error instanceof Error ? error.message.slice(0, 300) : String(error);
  if (!(error instanceof ModelError)) return { state: 'lost', cause: `given up: ${cause}`, endedAt };
  const { status, code, requestId } = error.details;
  const turnedAway = status !== undefined && !GATEWAY_TIMEOUTS.includes(status);
  return {
    state: turnedAway || code === NEVER_SENT ? 'failed' : 'lost',
    cause: `${error.fault}: ${cause}`,
    ...(requestId !== undefined && { requestId }),
    endedAt,
  };
}
