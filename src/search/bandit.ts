/** Which variant of `improve` to try, learnt from this run: Thompson sampling over how often each beat its parent lately. */
import type { SearchNode } from '../domain/node.js';
import type { ImproveVariant } from '../domain/operator.js';
import { memory } from './carried.js';
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

/** Whether each of the last attempts beat its parent, the oldest first. */
type Outcomes = Readonly<Record<ImproveVariant, readonly boolean[]>>;

interface Book {
  /** The `beatsZ` by which it was judged. */
  readonly z: number;
  readonly outcomes: Outcomes;
}

const NONE: Outcomes = { tune: [], features: [], strategy: [] };

const books = memory<Book>(({ z, outcomes }, node, after) => ({ z, outcomes: entered(outcomes, node, after, z) }));

/** Successes and failures of the last attempts with a variant. A failed program is a failure. */
export function recordOf(state: SearchState, variant: ImproveVariant): { wins: number; losses: number } {
  const outcomes = outcomesOf(state)[variant];
  const wins = outcomes.filter((won) => won).length;
  return { wins, losses: outcomes.length - wins };
}

function outcomesOf(state: SearchState): Outcomes {
  const z = state.config.beatsZ;
  const known = books.of(state);
  if (known?.z === z) return known.outcomes;
  const outcomes = graphOf(state).finished.reduce((before, node) => entered(before, node, state, z), NONE);
  return books.keep(state, { z, outcomes }).outcomes;
}

/** With the next node in the order of finishing; what it is judged by finished before it. */
function entered(outcomes: Outcomes, node: SearchNode, state: SearchState, z: number): Outcomes {
  const { variant } = node;
  if (variant === undefined) return outcomes;
  const parent = nodeOf(state, node.parent);
  const won = parent !== undefined && beats(node, parent, node.versus?.parent, z);
  return { ...outcomes, [variant]: [...outcomes[variant], won].slice(-WINDOW) };
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
