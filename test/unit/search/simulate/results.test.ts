/** The committed results are what the code of today gives, and the document shows their standings; test/long looks at its other tables. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { SearchConfig } from '../../../../src/domain/search-config.js';
import { CONTESTANTS, REFERENCE } from '../../../../src/search/simulate/contestants.js';
import { standingsTable } from '../../../../src/search/simulate/markdown.js';
import type { ProfileResult } from '../../../../src/search/simulate/standing.js';
import { cellsOf, type Half, play } from '../../../../src/search/simulate/tournament.js';
import { VARIANTS } from '../../../../src/search/simulate/variants.js';
import { SEARCH_ALGORITHM } from '../../../../src/search/state.js';

const root = new URL('../../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const document = read('docs/policies.md');
const names = CONTESTANTS.map(({ name }) => name);
const defaults = SearchConfig.parse({});

interface Results {
  readonly sha256: string;
  readonly algorithm: number;
  readonly results: readonly ProfileResult[];
}

const resultsOf = (name: string): Results => JSON.parse(read(`bench/policies/results/${name}.json`));
const MODELS = ['r1-2025', 'strong-2026'];
const FILES: readonly (readonly [string, Half, readonly string[]])[] = [
  ['tournament', 'confirm', [...MODELS, 'composer']],
  ['tuning', 'tune', [...MODELS, 'composer']],
  ['confirmation', 'confirm', MODELS],
];

describe.each(FILES)('results of %s', (name, half, profiles) => {
  const { sha256, algorithm, results } = resultsOf(name);

  test('are unchanged since they were written, by the algorithm of today', () => {
    const checksum = createHash('sha256').update(JSON.stringify({ algorithm, results })).digest('hex');
    expect(checksum).toBe(sha256);
    // Another algorithm needs another `npm run bench:policies`, `-- --tune` and `-- --confirm`.
    expect(algorithm).toBe(SEARCH_ALGORITHM);
    expect(results.map(({ profile }) => profile)).toEqual(profiles);
  });

  test('come out again: the first searches of the second profile, to the last digit that is kept', () => {
    const result = results.find(({ profile }) => profile === 'strong-2026');
    const [cell] = cellsOf('strong-2026', half, 1);
    if (!result || !cell) throw new Error('nothing was played');
    const played = [...CONTESTANTS, ...VARIANTS].filter(({ name: contestant }) => contestant in result.records);
    expect(played.length).toBeGreaterThan(6);
    for (const contestant of played) {
      const { truth, overTime } = play(cell, contestant, defaults);
      expect(result.records[contestant.name]?.truth[0]).toBeCloseTo(truth, 4);
      expect(result.records[contestant.name]?.overTime[0]).toBeCloseTo(overTime, 4);
    }
  });
});

test('the document shows the standings of these results', () => {
  expect(tableOf('standings')).toBe(standingsTable(resultsOf('tournament').results, names, REFERENCE));
});

function tableOf(name: string): string {
  const [begin, end] = [`<!-- policies-${name}:begin -->`, `<!-- policies-${name}:end -->`];
  return document.slice(document.indexOf(begin) + begin.length, document.indexOf(end)).trim();
}
