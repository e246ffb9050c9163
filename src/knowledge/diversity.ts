/** One entry of each family before a second of any: an author gains more from a new idea than from a close relative. */
import type { Recalled } from './port.js';

/** Stable: within a round the given order is kept. An entry without a family is a family of its own. */
export function diversify(ranked: readonly Recalled[]): readonly Recalled[] {
  const seen = new Map<string, number>();
  const rounds = ranked.map((recalled) => {
    const family = recalled.entry.family ?? recalled.entry.id;
    const round = seen.get(family) ?? 0;
    seen.set(family, round + 1);
    return { recalled, round };
  });
  return rounds.sort((a, b) => a.round - b.round).map(({ recalled }) => recalled);
}
