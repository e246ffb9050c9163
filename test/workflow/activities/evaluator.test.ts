/** The evaluator within activities: their cancellation ends a call, and what took too long is not asked again by the server. */
import { describe, expect, test } from '@jest/globals';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { EvaluateRequest, Evaluator, EvaluatorCall } from '../../../src/evaluation/port.js';
import { ProcessLost } from '../../../src/evaluation/process.js';
import { endingWithActivities } from '../../../src/worker/evaluator.js';

const REQUEST = { nodeId: 'n1' } as EvaluateRequest;

/** An evaluator that can only score. */
function scoring(evaluate: Evaluator['evaluate']): Evaluator {
  return endingWithActivities({ evaluate } as Evaluator);
}

const isEnded = ({ signal }: EvaluatorCall = {}) =>
  new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));

describe('a call to the evaluator', () => {
  test('ends with its activity, as cancelled', async () => {
    const environment = new MockActivityEnvironment();
    const evaluator = scoring((_, call) => isEnded(call));
    const call = environment.run(() => evaluator.evaluate(REQUEST));
    setTimeout(() => environment.cancel(), 20);
    await expect(call).rejects.toThrow(CancelledFailure);
  });

  test('that took too long fails for good, other losses are tried again', async () => {
    const fails = (error: Error) =>
      new MockActivityEnvironment()
        .run(() => scoring(() => Promise.reject(error)).evaluate(REQUEST))
        .catch((thrown: unknown) => thrown);
    const late = await fails(new ProcessLost('more than 600000 ms', { late: true }));
    expect(late).toBeInstanceOf(ApplicationFailure);
    expect(late).toMatchObject({ nonRetryable: true, type: 'evaluator-late', message: 'more than 600000 ms' });
    const lost = new ProcessLost('ended with SIGKILL');
    expect(await fails(lost)).toBe(lost);
  });
});
