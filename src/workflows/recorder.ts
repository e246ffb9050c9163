/** Writes applied events to the event store: in batches, in order, one activity at a time. */
import { CancellationScope, condition, log, patched } from '@temporalio/workflow';
import type { SearchEvent } from '../domain/run-event.js';
import { batchOf, recordable, recorded } from './event-log.js';
import { messageOf } from './failure-message.js';
import type { Run } from './run.js';

/** Runs that began before it wrote everything at once, however much it was. */
const IN_BATCHES = 'events-are-written-in-batches';

/** Starts a batch unless one is on its way; what is added meanwhile goes with the next one. */
export function record(run: Run): void {
  if (!run.recording && recordable(run.log).length > 0) void writeBatch(run);
}

/** Waits until everything is recorded, a write is refused, or `limitMs` have passed. Returns how many events were not. */
export async function flush(run: Run, limitMs: number): Promise<number> {
  const deadline = Date.now() + limitMs;
  while (run.recording || recordable(run.log).length > 0) {
    const { from } = run.log;
    const inFlight = run.recording;
    record(run);
    const left = deadline - Date.now();
    if (left <= 0 || !(await condition(() => !run.recording, left))) break;
    if (!inFlight && run.log.from === from) break;
  }
  return recordable(run.log).length;
}

/** Not cancelled with the run: what happened is recorded whatever comes after. */
async function writeBatch(run: Run): Promise<void> {
  const events = batch(run);
  const { from } = run.log;
  const summary = `events ${from}–${from + events.length - 1}`;
  run.recording = true;
  try {
    await CancellationScope.nonCancellable(() =>
      run.activities.recordEvents.executeWithOptions({ summary }, [{ runId: run.runId, from, events }]),
    );
    recorded(run.log, events.length);
  } catch (error) {
    // Refused for good: the events stay pending, for the next attempt or the next link of the chain.
    log.warn('events were not recorded', { from, events: events.length, cause: messageOf(error) });
  } finally {
    run.recording = false;
  }
}

function batch(run: Run): readonly SearchEvent[] {
  const all = recordable(run.log);
  const events = batchOf(run.log);
  return events.length === all.length || patched(IN_BATCHES) ? events : all;
}
