/**
 * The state after an event. Total and pure: an event about an unknown node, or one that does not fit the phase of its node, changes nothing
 * and returns the very same state, so a repeated or late message is harmless. The `cost` of an event is what was spent since the event
 * before it; `executions` is counted here, one for each node, whatever the events say.
 */
import type { SearchEvent } from '../domain/run-event.js';
import { cancelNode, failNode, finishNode } from './apply-end.js';
import { applySteering } from './apply-steering.js';
import { markExecuted, markProposed, markStarted, reject, release, reserve } from './apply-work.js';
import type { SearchState } from './state.js';

export function apply(state: SearchState, event: SearchEvent): SearchState {
  const timed = atTime(state, event.atMs);
  if (event.kind === 'ticked') return timed;
  const after = handle(timed, event);
  return after === timed ? state : after;
}

function handle(state: SearchState, event: Exclude<SearchEvent, { kind: 'ticked' }>): SearchState {
  switch (event.kind) {
    case 'reserved':
      return reserve(state, event);
    case 'proposed':
      return markProposed(state, event);
    case 'proposal-rejected':
      return reject(state, event);
    case 'started':
      return markStarted(state, event);
    case 'executed':
      return markExecuted(state, event);
    case 'finished':
      return finishNode(state, event);
    case 'failed':
      return failNode(state, event);
    case 'released':
      return release(state, event);
    case 'cancelled':
      return cancelNode(state, event);
    default:
      return applySteering(state, event);
  }
}

/** Time never runs backwards, whatever order events arrive in. */
function atTime(state: SearchState, atMs: number): SearchState {
  return atMs > state.clock.nowMs ? { ...state, clock: { ...state.clock, nowMs: atMs } } : state;
}
