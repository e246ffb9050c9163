/** The isolation probe: once for each run, beside the search and outside its slots. What it finds is in the store. */
import { ActivityFailure, condition, isCancellation, patched } from '@temporalio/workflow';
import type { Run } from './run.js';

/** Results do not wait longer for a probe that does not end. */
const PATIENCE_MS = 60_000;

/** Begins it, or after a hand-over finds it again. A probe that cannot be run proves nothing, and the report says so. */
export function beginAttestation(run: Run): void {
  // Runs that began before there was a probe go on without one.
  if (run.isolation !== undefined || !patched('isolation-probe')) return;
  run.attesting = true;
  void attest(run);
}

async function attest(run: Run): Promise<void> {
  const summary = 'a program tries to reach the answers';
  try {
    run.isolation = await run.activities.attestRun.executeWithOptions({ summary }, [{ runId: run.runId }]);
  } catch (error) {
    if (!isCancellation(error) && !(error instanceof ActivityFailure)) throw error;
  } finally {
    run.attesting = false;
  }
}

export async function attested(run: Run): Promise<void> {
  if (run.attesting) await condition(() => !run.attesting, PATIENCE_MS);
}
