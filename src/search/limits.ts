/** How the budget is divided: what the search may use, what is kept for the end, what one program may take. */
import type { SearchConfig } from '../domain/search-config.js';
import { bestNode } from './elite.js';
import type { SearchState } from './state.js';

/** Least limit of a program, seconds, where the budget allows it. */
const LEAST_LIMIT_SECONDS = 30;

/** Upper limit of one program, seconds: its cap, or an eighth of the search's time, whichever is less. */
export function runLimitSeconds(config: SearchConfig): number {
  const searchSeconds = (config.budgetMs * (1 - config.reserveShare)) / 1000;
  return Math.min(config.runSecondsCap, Math.max(LEAST_LIMIT_SECONDS, searchSeconds / 8), searchSeconds);
}

/** Kept for the final choice, refit and packaging: the configured share, or 1.5 refits of the best node if that is more; at most a third. */
export function reserveMs(state: SearchState): number {
  const { budgetMs, reserveShare } = state.config;
  const share = reserveShare * budgetMs;
  return Math.round(Math.max(share, Math.min(1500 * refitSeconds(state), budgetMs / 3)));
}

/** Time of the whole search, without the reserve. */
export function searchMs(state: SearchState): number {
  return Math.max(0, state.config.budgetMs - reserveMs(state));
}

/** Programs scored over folds are not run again: the fold models' predictions are averaged. */
function refitSeconds(state: SearchState): number {
  const best = bestNode(state);
  return best && best.score?.source !== 'folds' ? best.cost.seconds : 0;
}
