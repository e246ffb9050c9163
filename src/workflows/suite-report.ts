/** A run's word to the suite that waits for it. */
import { CancellationScope, getExternalWorkflowHandle, setHandler } from '@temporalio/workflow';
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
  const { nodes, result } = statusOf(session);
  const spent = mostSpent(session);
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
function mostSpent(session: Session): Cost {
  const { spent, model } = statusOf(session);
  if (model === undefined) return spent;
  const { lost, inFlight } = model;
  const unsure = [lost.usd, inFlight.usd].reduce((sum, usd) => (sum === null || usd === null ? null : sum + usd), 0);
  return { ...spent, usd: spent.usd === null || unsure === null ? null : spent.usd + unsure };
}
