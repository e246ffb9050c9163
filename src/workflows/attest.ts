/** The isolation probe: once for each run, beside the search and outside its slots. What it finds is in the store. */
import { ActivityFailure, CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { Run } from './run.js';

/** Results do not wait longer for a probe that does not end. */
const PATIENCE_MS = 60_000;

/** Begins it, or after a hand-over finds it again. A probe that cannot be run proves nothing, and the report says so. */
export function beginAttestation(run: Run): void {
  if (run.isolation !== undefined) return;
  const scope = new CancellationScope();
  run.attesting = scope;
  void attest(run, scope);
}

async function attest(run: Run, scope: CancellationScope): Promise<void> {
  const options = { summary: 'a program tries to reach the answers' };
  try {
    run.isolation = await scope.run(() => run.activities.attestRun.executeWithOptions(options, [{ runId: run.runId }]));
  } catch (error) {
    if (!isCancellation(error) && !(error instanceof ActivityFailure)) throw error;
  } finally {
    delete run.attesting;
  }
}

/** Waits for it, but not without end: a probe that takes too long is stopped, so that it does not outlive the run. */
export async function attested(run: Run): Promise<void> {
  if (run.attesting === undefined) return;
  if (!(await condition(() => run.attesting === undefined, PATIENCE_MS))) run.attesting?.cancel();
}
