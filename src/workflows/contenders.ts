/** What the final choice is made from. */
import type { ChooseInput } from '../activities/contract.js';
import { validNodes } from '../search/elite.js';
import type { SearchState } from '../search/state.js';

/** More are not told to the evaluator: its shortlist has twenty, at most five of a family, and a payload has its limit. */
export const MOST_CONTENDERS = 4000;
/** Of each family these come before all others. */
const FAMILY = 25;

type Contender = ChooseInput['nodes'][number];

/** All nodes with a score, best first; of more than `most` the best of each family, then the best of the others. Pinned ones always. */
export function contenders(state: SearchState, most = MOST_CONTENDERS): readonly Contender[] {
  const all = validNodes(state).flatMap(({ id, family, cost, score }): readonly Contender[] =>
    score === undefined ? [] : [{ nodeId: id, family, seconds: cost.seconds, value: score.value }],
  );
  if (all.length <= most) return all;
  const pinned = new Set(state.steering.pinned);
  const counts = new Map<string, number>();
  const isFirst = all.map(({ nodeId, family }) => {
    const before = counts.get(family) ?? 0;
    counts.set(family, before + 1);
    return before < FAMILY || pinned.has(nodeId);
  });
  const others = all.filter((_, place) => !isFirst[place]);
  const wanted = all.filter((_, place) => isFirst[place]);
  const kept = new Set([...wanted, ...others].slice(0, most));
  return all.filter((contender) => kept.has(contender) || pinned.has(contender.nodeId));
}
