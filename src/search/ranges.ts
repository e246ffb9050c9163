/** Scores on a scale from 0, the worst valid node so far, to 1, the best. */
import { backup } from './backup.js';
import { validNodes } from './elite.js';
import { gain } from './is-better.js';
import type { SearchState } from './state.js';

/** Where a value of `gain` lies between the worst and the best; 0.5 when there is but one value, or none. */
export type Scale = (value: number) => number;

/** The proper form for both directions; a score that is no number cannot be valid, so the range is always finite. */
export function scaleOf(state: Pick<SearchState, 'nodes' | 'steering'>): Scale {
  const valid = validNodes(state);
  const [best, worst] = [valid[0], valid.at(-1)];
  const [most, least] = [best ? gain(best) : 0, worst ? gain(worst) : 0];
  if (!(most > least)) return () => 0.5;
  return (value) => Math.min(1, Math.max(0, (value - least) / (most - least)));
}

/** AIRA's S(f) (arXiv 2507.02554) of a node by its place in the graph; 0 without a score, and for pruned ones. */
export function rangeValueOf(state: Pick<SearchState, 'nodes' | 'steering'>): (place: number) => number {
  const { gains } = backup(state);
  const scale = scaleOf(state);
  return (place) => {
    const value = gains[place] ?? Number.NEGATIVE_INFINITY;
    return value === Number.NEGATIVE_INFINITY ? 0 : scale(value);
  };
}
