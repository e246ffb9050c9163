/**
 * Randomness as data. A stream is a key and a counter; a draw is a hash of both and of its place within the decision.
 * A decision may therefore take as many draws as it likes: reserving a node moves every stream on by one, so that the next
 * decision draws afresh, whatever the last one used. Nothing here depends on how often `decide` was asked.
 */
import type { RandomState, SearchState, StreamName } from './state.js';

const STREAMS: readonly StreamName[] = ['select', 'operator', 'reference', 'noise', 'author'];

/** One stream per purpose, so that a draw more in one place does not shift the draws of another. */
export function streamsOf(seed: number): Record<StreamName, RandomState> {
  const stream = (name: StreamName): RandomState => [scramble(seed ^ scramble(STREAMS.indexOf(name) + 1)), 0];
  return {
    select: stream('select'),
    operator: stream('operator'),
    reference: stream('reference'),
    noise: stream('noise'),
    author: stream('author'),
  };
}

/** Every stream one decision further. */
export function advanceStreams(streams: SearchState['streams']): Record<StreamName, RandomState> {
  return {
    select: next(streams.select),
    operator: next(streams.operator),
    reference: next(streams.reference),
    noise: next(streams.noise),
    author: next(streams.author),
  };
}

/** The draw at `index` of this decision, in [0, 1). */
export function draw(stream: RandomState, index: number): number {
  return bits(stream, index) / 4294967296;
}

/** An integer from 0 to 2^31 − 1. */
export function drawInteger(stream: RandomState, index: number): number {
  return bits(stream, index) >>> 1;
}

function next([key = 0, counter = 0]: RandomState): RandomState {
  return [key, counter + 1];
}

function bits([key = 0, counter = 0]: RandomState, index: number): number {
  return scramble(key ^ scramble(Math.imul(counter, 0x9e3779b1) ^ scramble(index + 0x51ed270b)));
}

/** Finaliser of MurmurHash3 (Appleby, public domain): a bijection of 32 bits in which each input bit moves half the output bits. */
function scramble(value: number): number {
  let hash = (value + 0x7f4a7c15) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
