/** Restart of the weaker half of the islands. The released program restarts the better half: its sort is the wrong way round. */
import type { SearchNode } from '../domain/node.js';
import { gain, rounded } from './is-better.js';
import type { Islands } from './population.js';
import { draw } from './random.js';
import type { Scale } from './ranges.js';
import { pickWeighted, softmax } from './weighted.js';

/**
 * The better half by best individual stays (of an odd number the middle one, too). Each other island keeps its best alone and takes in one
 * individual of a kept island with more than one, not that island's best, by softmax of fitness at temperature 1; the donor loses it.
 */
export function migrate(islands: Islands, scale: Scale, key: readonly number[]): Islands {
  const order = islands.map((_, place) => place).sort((a, b) => bestGain(islands[b]) - bestGain(islands[a]) || a - b);
  const kept = order.slice(0, Math.ceil(order.length / 2));
  let after = islands;
  order.slice(kept.length).forEach((weak, turn) => {
    const own = bestOf(after[weak]);
    const donors = kept.filter((place) => (after[place]?.length ?? 0) > 1);
    const donor = donors[Math.floor(donors.length * draw(key, 1 + 2 * turn))];
    const moved = donor === undefined ? undefined : sample(after[donor] ?? [], scale, draw(key, 2 + 2 * turn));
    if (donor !== undefined && moved)
      after = after.with(
        donor,
        (after[donor] ?? []).filter((node) => node !== moved),
      );
    after = after.with(
      weak,
      [own, moved].filter((node) => node !== undefined),
    );
  });
  return after;
}

function sample(island: readonly SearchNode[], scale: Scale, uniform: number): SearchNode | undefined {
  const best = bestOf(island);
  const others = island.filter((node) => node !== best);
  const weights = softmax(
    others.map((node) => rounded(scale(gain(node)))),
    1,
  );
  return others[pickWeighted(weights, uniform) ?? 0];
}

function bestOf(island: readonly SearchNode[] | undefined): SearchNode | undefined {
  let best: SearchNode | undefined;
  for (const node of island ?? []) if (!best || gain(node) > gain(best)) best = node;
  return best;
}

/** −∞ for an empty island; a finite number, so that a difference of two is one. */
function bestGain(island: readonly SearchNode[] | undefined): number {
  const best = bestOf(island);
  return best ? gain(best) : -Number.MAX_VALUE / 4;
}
