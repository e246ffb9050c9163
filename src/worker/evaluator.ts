/** The evaluator as activities use it: a call ends with its activity, and what took too long is not tried again by the server. */
import { ApplicationFailure, CancelledFailure, cancellationSignal } from '@temporalio/activity';
import type { Evaluator, EvaluatorCall } from '../evaluation/port.js';
import { ProcessLost } from '../evaluation/process.js';

export function endingWithActivities(evaluator: Evaluator): Evaluator {
  return {
    ...evaluator,
    prepare: (request) => within((call) => evaluator.prepare(request, call)),
    evaluate: (request) => within((call) => evaluator.evaluate(request, call)),
    choose: (request) => within((call) => evaluator.choose(request, call)),
    writeSubmission: (request) => within((call) => evaluator.writeSubmission(request, call)),
    grade: (request) => within((call) => evaluator.grade(request, call)),
  };
}

async function within<T>(request: (call: EvaluatorCall) => Promise<T>): Promise<T> {
  const signal = cancellationSignal();
  try {
    return await request({ signal });
  } catch (error) {
    if (signal.aborted) throw new CancelledFailure('The evaluation was cancelled.');
    if (error instanceof ProcessLost && error.late) {
      throw ApplicationFailure.nonRetryable(error.message, 'evaluator-late');
    }
    throw error;
  }
}
