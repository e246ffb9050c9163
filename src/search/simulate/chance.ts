/** Random numbers of simulated worlds, each found again from what it belongs to and never from how often one was asked for. */
import { draw } from '../random.js';
import type { Random } from './world.js';

/** Uniform in [0, 1), fixed by the stream and the place in it. Equal arguments give equal numbers. */
export function chanceAt(stream: number, ...places: readonly number[]): number {
  let key = stream;
  for (const place of places) key = Math.imul(key ^ (place + 0x9e3779b1), 0x01000193) ^ (key >>> 15);
  return draw([key, places.length], 0);
}

/** Standard normal, fixed like `chanceAt` (Box and Muller). */
export function normalAt(stream: number, ...places: readonly number[]): number {
  return normalOf(chanceAt(stream, ...places, 1), chanceAt(stream, ...places, 2));
}

/** A stream of its own for one seed. */
export function randomOf(seed: number): Random {
  let index = 0;
  return () => draw([seed, 0], index++);
}

/** Integers from 0 to `count` − 1, many millions a second (Marsaglia's xorshift with shifts 13, 17, 5); for resampling. */
export function integersOf(seed: number): (count: number) => number {
  let state = seed | 1;
  return (count) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 4294967296) * count);
  };
}

function normalOf(first: number, second: number): number {
  return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
}
