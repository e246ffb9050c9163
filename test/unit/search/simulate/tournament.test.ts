/**
 * A tournament in small, on the half that numbers are tuned on: the directions that are larger than its noise, and that halves and cells are what
 * they say. The full one is `npm run bench:policies`.
 */
import { describe, expect, test } from '@jest/globals';
import { SearchConfig } from '../../../../src/domain/search-config.js';
import { CONTESTANTS, REFERENCE } from '../../../../src/search/simulate/contestants.js';
import { difference, type ProfileResult } from '../../../../src/search/simulate/standing.js';
import { cellsOf, play, SEEDS_PER_LANDSCAPE } from '../../../../src/search/simulate/tournament.js';
import { VARIANTS } from '../../../../src/search/simulate/variants.js';

const defaults = SearchConfig.parse({});
const COUNT = 30;

function playAll(names: readonly string[]): ProfileResult {
  const cells = cellsOf('strong-2026', 'tune', COUNT);
  const known = [...CONTESTANTS, ...VARIANTS];
  const records = names.map((name) => {
    const contestant = known.find((other) => other.name === name);
    if (!contestant) throw new Error(`nobody is called ${name}`);
    const runs = cells.map((cell) => play(cell, contestant, defaults));
    const [truth, overTime] = [runs.map((run) => run.truth), runs.map((run) => run.overTime)];
    return [name, { truth, overTime, optimism: 0, nodes: 0, failed: 0 }] as const;
  });
  const landscapes = cells.map(({ landscape }) => landscape);
  return { profile: 'strong-2026', landscapes, records: Object.fromEntries(records) };
}

describe('a small tournament', () => {
  const result = playAll(['mcgs', 'greedy', 'mcgs-paper', 'draft-only', 'limit 3']);

  test('mcgs clearly beats drafting and the published form, and does not lose to greedy', () => {
    expect(difference(result, 'mcgs', 'draft-only').low).toBeGreaterThan(0.1);
    expect(difference(result, 'mcgs', 'mcgs-paper').low).toBeGreaterThan(0.1);
    expect(difference(result, 'mcgs', 'greedy').high).toBeGreaterThan(0);
  });

  test('the published form loses to greedy, and so does the walk with a child limit to the expand-here arm', () => {
    expect(difference(result, 'mcgs-paper', 'greedy').high).toBeLessThan(0);
    expect(difference(result, 'limit 3', 'mcgs').low).toBeLessThan(0);
  });
});

test('no landscape and no seed is in both halves, and each landscape is searched twice', () => {
  const [tune, confirm] = [cellsOf('composer', 'tune', 400), cellsOf('composer', 'confirm', 400)];
  const seeds = new Set(tune.map(({ seed }) => seed));
  const landscapes = new Set(tune.map(({ landscape }) => landscape));
  expect(seeds.size).toBe(400);
  expect(landscapes.size).toBe(400 / SEEDS_PER_LANDSCAPE);
  expect(confirm.some(({ seed, landscape }) => seeds.has(seed) || landscapes.has(landscape))).toBe(false);
  expect(new Set(tune.map(({ k }) => k))).toEqual(new Set([2, 3, 5]));
});

test('every contestant has a name of its own, the reference among them', () => {
  const names = [...CONTESTANTS, ...VARIANTS].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain(REFERENCE);
});
