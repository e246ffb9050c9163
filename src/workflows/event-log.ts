/** The events of a run on their way to the event store: `state = fold(apply, events)` must hold for what arrives there. */
import type { SearchEvent } from '../domain/run-event.js';
import { bytesOf } from './parts.js';

export interface EventLog {
  /** Applied, not yet recorded, oldest first. */
  pending: readonly SearchEvent[];
  /** Sequence number of the first pending event, from 0. */
  from: number;
}

/**
 * Adds an applied event. A clock tick that another event follows is dropped: every event carries its own time, so the fold
 * is the same without it, and the store is spared most of its rows.
 */
export function append(log: EventLog, event: SearchEvent): void {
  const kept = log.pending.at(-1)?.kind === 'ticked' ? log.pending.slice(0, -1) : log.pending;
  log.pending = [...kept, event];
}

/** What can be recorded now. A last tick stays behind, since the next event may replace it. */
export function recordable(log: EventLog): readonly SearchEvent[] {
  return log.pending.at(-1)?.kind === 'ticked' ? log.pending.slice(0, -1) : log.pending;
}

/** Events of one write: a store that was away for long must not be met with a payload that the server refuses. */
export const BATCH_EVENTS = 200;
const BATCH_BYTES = 256 * 1024;

/** The oldest of what can be recorded now, as much as fits into one write; at least one event, whatever its size. */
export function batchOf(log: EventLog): readonly SearchEvent[] {
  const events = recordable(log).slice(0, BATCH_EVENTS);
  let bytes = 0;
  const past = events.findIndex((event) => {
    bytes += bytesOf(event);
    return bytes > BATCH_BYTES;
  });
  return past < 0 ? events : events.slice(0, Math.max(1, past));
}

/** Forgets the first `count` pending events once the store has them. */
export function recorded(log: EventLog, count: number): void {
  log.pending = log.pending.slice(count);
  log.from += count;
}
