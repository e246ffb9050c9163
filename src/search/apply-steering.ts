/** Events by which a person, or the state of the infrastructure, steers the run. */
import type { NodeId } from '../domain/ids.js';
import type { SearchEvent } from '../domain/run-event.js';
import { nodeOf, reservationOf } from './graph.js';
import type { SearchState, Steering } from './state.js';

type SteeringEvent = Extract<
  SearchEvent,
  {
    kind:
      | 'prepared'
      | 'paused'
      | 'resumed'
      | 'hinted'
      | 'pruned'
      | 'pinned'
      | 'budget-changed'
      | 'slots-changed'
      | 'capped'
      | 'finish-asked';
  }
>;

export function applySteering(state: SearchState, event: SteeringEvent): SearchState {
  switch (event.kind) {
    case 'prepared':
      return event.baseline === undefined ? state : { ...state, baseline: event.baseline };
    case 'paused':
      return applyPause(state, event.blocked);
    case 'resumed':
      return applyResume(state);
    case 'hinted':
      return steer(state, { hints: [...state.steering.hints, event.text] });
    case 'pruned':
      return mark(state, 'pruned', event.nodeId);
    case 'pinned':
      return mark(state, 'pinned', event.nodeId);
    case 'budget-changed': {
      const { budgetMs = state.config.budgetMs, executions = state.config.executions } = event;
      return { ...state, config: { ...state.config, budgetMs, executions } };
    }
    case 'slots-changed':
      return steer(state, { slots: event.slots });
    case 'capped':
      return state.capped ? state : { ...state, capped: { cap: event.cap, message: event.message } };
    case 'finish-asked':
      return steer(state, { finishAsked: true });
  }
}

/** Stops the clock. `blocked` names an infrastructure cause; without it a person paused, which outranks a block. */
export function applyPause(state: SearchState, blocked: string | undefined): SearchState {
  const { blocked: _, ...steering } = state.steering;
  if (steering.paused && blocked !== undefined) return state;
  const { clock } = state;
  return {
    ...state,
    clock: { ...clock, pausedSinceMs: clock.pausedSinceMs ?? clock.nowMs },
    steering: { ...steering, paused: true, ...(blocked === undefined ? {} : { blocked }) },
  };
}

/** Starts the clock again and forgets the releases that led to a block. */
export function applyResume(state: SearchState): SearchState {
  if (!state.steering.paused) return state;
  const { blocked: _, ...steering } = state.steering;
  const { pausedSinceMs = state.clock.nowMs, ...clock } = state.clock;
  const pausedMs = clock.pausedMs + Math.max(0, clock.nowMs - pausedSinceMs);
  return { ...state, clock: { ...clock, pausedMs }, releasesInRow: 0, steering: { ...steering, paused: false } };
}

/** An execution came to its end: the infrastructure works again. A pause by a person stays. */
export function unblock(state: SearchState): SearchState {
  if (state.steering.blocked !== undefined) return applyResume(state);
  return state.releasesInRow === 0 ? state : { ...state, releasesInRow: 0 };
}

function steer(state: SearchState, change: Partial<Steering>): SearchState {
  return { ...state, steering: { ...state.steering, ...change } };
}

function mark(state: SearchState, list: 'pruned' | 'pinned', id: NodeId): SearchState {
  const known = nodeOf(state, id) !== undefined || reservationOf(state, id) !== undefined;
  if (!known || state.steering[list].includes(id)) return state;
  return steer(state, { [list]: [...state.steering[list], id] });
}
