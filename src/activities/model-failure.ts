/** What the workflow engine is to do about a model that does not answer. */
import { ApplicationFailure } from '@temporalio/activity';
import type { ModelError } from '../authors/llm/model.js';

/** No proposal sleeps longer, whatever a server asks for. */
const LONGEST_WAIT_MS = 10 * 60_000;

/** `model-busy` and `model-away` are tried again, after the time the server named; `model-refused` and `model-context` are not. */
export function modelFailure(error: ModelError): ApplicationFailure {
  const { fault, details, message } = error;
  const again = fault === 'busy' || fault === 'away';
  const { retryAfterMs } = details;
  return ApplicationFailure.create({
    type: fault === 'refused' && details.code === 'content-policy' ? 'model-policy' : `model-${fault}`,
    message,
    nonRetryable: !again,
    ...(again &&
      retryAfterMs !== undefined && { nextRetryDelay: Math.min(LONGEST_WAIT_MS, Math.max(1, retryAfterMs)) }),
  });
}
