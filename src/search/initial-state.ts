/** The state before the first event. */
import type { Direction } from '../domain/metric.js';
import type { Score } from '../domain/score.js';
import type { SearchConfig } from '../domain/search-config.js';
import { NO_COST } from './cost.js';
import { streamsOf } from './random.js';
import { SEARCH_ALGORITHM, type SearchState } from './state.js';

export interface InitialState {
  readonly config: SearchConfig;
  readonly direction: Direction;
  /** Start of the run on the clock that all events use, milliseconds. */
  readonly startedMs: number;
  readonly baseline?: Score;
  /** Programs that may run at the same time; the lesser of what is configured and what the executor can do. */
  readonly slots: number;
  /** Caps on model calls; of runs in which nothing can be proposed without one. */
  readonly caps?: SearchState['caps'];
}

export function initialState({ config, direction, startedMs, baseline, slots, caps }: InitialState): SearchState {
  return {
    schemaVersion: 1,
    algorithm: SEARCH_ALGORITHM,
    config,
    direction,
    nodes: {},
    references: [],
    reservations: [],
    streams: streamsOf(config.seed),
    nextNode: 1,
    clock: { nowMs: startedMs, startedMs, pausedMs: 0 },
    ...(baseline === undefined ? {} : { baseline }),
    spent: NO_COST,
    rejections: {},
    rejected: 0,
    releasesInRow: 0,
    steering: { pruned: [], pinned: [], hints: [], slots: Math.max(1, slots), paused: false, finishAsked: false },
    ...(caps === undefined ? {} : { caps }),
  };
}
