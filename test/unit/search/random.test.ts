import { expect, test } from '@jest/globals';
import { advanceStreams, draw, drawInteger, streamsOf } from '../../../src/search/random.js';

test('draws are even over the unit interval, along the index and along the counter', () => {
  let streams = streamsOf(1);
  const along: number[] = [];
  const over: number[] = [];
  for (let place = 0; place < 4000; place += 1) {
    along.push(draw(streamsOf(9).select, place));
    over.push(draw(streams.select, 0));
    streams = advanceStreams(streams);
  }
  for (const draws of [along, over]) {
    const bins = Array.from({ length: 10 }, (_, bin) => draws.filter((value) => Math.floor(value * 10) === bin).length);
    for (const count of bins) expect(Math.abs(count - 400)).toBeLessThan(90);
    expect(new Set(draws).size).toBeGreaterThan(3990);
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
    const lagged = draws.slice(1).reduce((sum, value, place) => sum + (value - 0.5) * ((draws[place] ?? 0) - 0.5), 0);
    expect(Math.abs((12 * lagged) / draws.length)).toBeLessThan(0.07);
  }
});

test('streams differ by seed and by purpose, and a draw depends on nothing else', () => {
  const first = streamsOf(1);
  expect(streamsOf(1)).toEqual(first);
  expect(draw(first.select, 0)).toBe(draw([...first.select], 0));
  const values = [...Object.values(first), ...Object.values(streamsOf(2)), ...Object.values(advanceStreams(first))].map(
    (stream) => draw(stream, 0),
  );
  expect(new Set(values).size).toBe(15);
  expect(Number.isInteger(drawInteger(first.author, 0)) && drawInteger(first.author, 0) >= 0).toBe(true);
});
