/** Scores on a scale from 0, the worst valid node so far, to 1, the best. */
import type { NodeId } from '../domain/ids.js';
import { validNodes } from './elite.js';
import { gain } from './is-better.js';
import type { SearchState } from './state.js';

/** Where a value of `gain` lies between the worst and the best; 0.5 when there is but one value, or none. */
export type Scale = (value: number) => number;

/** The proper form for both directions; a score that is no number cannot be valid, so the range is always finite. */
export function scaleOf(state: Pick<SearchState, 'nodes' | 'steering'>): Scale {
  const gains = validNodes(state).map(gain);
  const [most, least] = [gains[0] ?? 0, gains.at(-1) ?? 0];
  if (!(most > least)) return () => 0.5;
  return (value) => Math.min(1, Math.max(0, (value - least) / (most - least)));
}

/** AIRA's S(f) (arXiv 2507.02554) of every valid node. */
export function rangeValues(state: Pick<SearchState, 'nodes' | 'steering'>): ReadonlyMap<NodeId, number> {
  const scale = scaleOf(state);
  return new Map(validNodes(state).map((node) => [node.id, scale(gain(node))]));
}
