/** A run's word to the suite that waits for it. */
import { CancellationScope, getExternalWorkflowHandle, setHandler } from '@temporalio/workflow';
import type { ModelMeter } from '../domain/model-meter.js';
import type { Cost } from '../domain/score.js';
import type { RunReport } from '../domain/suite.js';
import type { Session } from './run.js';
import { statusOf } from './status.js';
import { runEndedSignal, suitePresentSignal } from './suite-messages.js';

/** A run of a suite can be asked whether it is still there; that it can be asked is the answer. */
export function listenForSuite({ input }: Session): void {
  if (input.reportTo !== undefined) setHandler(suitePresentSignal, () => undefined);
}

/** Never fails: a suite that is gone wants no report. Not cancelled with the run: the suite would wait for it in vain. */
export async function reportToSuite(session: Session, state: RunReport['state'], message?: string): Promise<void> {
  const { reportTo, runId } = session.input;
  if (reportTo === undefined) return;
  const { nodes, result, spent: known, model } = statusOf(session);
  const spent = model === undefined ? known : { ...known, ...mostSpent(model) };
  const report: RunReport = {
    runId,
    state,
    spent,
    nodes,
    ...(result === undefined ? {} : { result }),
    ...(message === undefined ? {} : { message }),
  };
  const suite = getExternalWorkflowHandle(reportTo);
  await CancellationScope.nonCancellable(() => suite.signal(runEndedSignal, report)).catch(() => undefined);
}

/** For the suite's cap a call that was lost has cost what it may have cost. */
export function mostSpent(model: ModelMeter): Pick<Cost, 'usd' | 'tokens'> {
  const { paid, lost, inFlight } = model;
  const parts = [paid.usd, lost.usd, inFlight.usd];
  const usd = parts.reduce((sum, part) => (sum === null || part === null ? null : sum + part), 0);
  return { usd, tokens: paid.tokens };
}
