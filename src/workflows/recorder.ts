/** Writes applied events to the event store: in batches, in order, one activity at a time. */
import { CancellationScope, condition } from '@temporalio/workflow';
import { recordable, recorded } from './event-log.js';
import type { Run } from './run.js';

/** Starts a batch unless one is on its way; what is added meanwhile goes with the next one. */
export function record(run: Run): void {
  if (!run.recording && recordable(run.log).length > 0) void writeBatch(run);
}

/** Waits until everything is recorded, a write is refused, or `limitMs` have passed. Returns whether everything was. */
export async function flush(run: Run, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (run.recording || recordable(run.log).length > 0) {
    const { from } = run.log;
    const inFlight = run.recording;
    record(run);
    const left = deadline - Date.now();
    if (left <= 0 || !(await condition(() => !run.recording, left))) return false;
    if (!inFlight && run.log.from === from) return false;
  }
  return true;
}

/** Not cancelled with the run: what happened is recorded whatever comes after. */
async function writeBatch(run: Run): Promise<void> {
  const events = recordable(run.log);
  const { from } = run.log;
  const summary = `events ${from}–${from + events.length - 1}`;
  run.recording = true;
  try {
    await CancellationScope.nonCancellable(() =>
      run.activities.recordEvents.executeWithOptions({ summary }, [{ runId: run.runId, from, events }]),
    );
    recorded(run.log, events.length);
  } catch {
    // Refused for good: the events stay pending, for the next batch or the next link of the chain.
  } finally {
    run.recording = false;
  }
}
