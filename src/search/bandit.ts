/** Which variant of `improve` to try, learnt from this run: Thompson sampling over how often each beat its parent lately. */
import type { SearchNode } from '../domain/node.js';
import type { ImproveVariant } from '../domain/operator.js';
import { graphOf, nodeOf } from './graph.js';
import { beats, rounded } from './is-better.js';
import { draw } from './random.js';
import type { RandomState, SearchState } from './state.js';

/** Older attempts are forgotten: what pays early is not what pays late. */
const WINDOW = 60;

export interface Sampled {
  readonly variant: ImproveVariant;
  /** One draw from Beta(1 + successes, 1 + failures) for each variant. */
  readonly draws: Readonly<Record<string, number>>;
}

/** The variant with the largest draw; nothing when `variants` is empty. */
export function sampleVariant(state: SearchState, variants: readonly ImproveVariant[]): Sampled | undefined {
  const draws: Record<string, number> = {};
  let chosen: ImproveVariant | undefined;
  variants.forEach((variant, place) => {
    const { wins, losses } = recordOf(state, variant);
    const sample = betaDraw(state.streams.operator, 1000 * (place + 1), 1 + wins, 1 + losses);
    if (chosen === undefined || sample > (draws[chosen] ?? 0)) chosen = variant;
    draws[variant] = sample;
  });
  return chosen && { variant: chosen, draws };
}

/** Successes and failures of the last attempts with a variant. A failed program is a failure. */
export function recordOf(state: SearchState, variant: ImproveVariant): { wins: number; losses: number } {
  const { finished } = graphOf(state);
  let [wins, losses] = [0, 0];
  for (let place = finished.length - 1; place >= 0 && wins + losses < WINDOW; place -= 1) {
    const node = finished[place];
    if (node?.variant !== variant) continue;
    if (beatParent(state, node)) wins += 1;
    else losses += 1;
  }
  return { wins, losses };
}

function beatParent(state: SearchState, node: SearchNode): boolean {
  const parent = nodeOf(state, node.parent);
  return parent !== undefined && beats(node, parent, node.versus?.parent, state.config.beatsZ);
}

/** Beta(a, b) for whole a and b, as the ratio of two sums of exponential draws; rounded, so that it is the same everywhere. */
function betaDraw(stream: RandomState, from: number, a: number, b: number): number {
  const left = gammaDraw(stream, from, a);
  const right = gammaDraw(stream, from + a, b);
  return rounded(left / (left + right));
}

function gammaDraw(stream: RandomState, from: number, shape: number): number {
  let sum = 0;
  for (let index = from; index < from + shape; index += 1) sum -= Math.log(1 - draw(stream, index));
  return sum;
}
