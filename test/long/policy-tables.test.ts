/** The larger tables of docs/policies.md are those of the committed results; their intervals take a while. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { CONTESTANTS } from '../../src/search/simulate/contestants.js';
import { rivalsTable, tuningTable } from '../../src/search/simulate/markdown.js';
import type { ProfileResult } from '../../src/search/simulate/standing.js';
import { VARIANTS } from '../../src/search/simulate/variants.js';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const resultsOf = (name: string): readonly ProfileResult[] =>
  JSON.parse(read(`bench/policies/results/${name}.json`)).results;

test('rivals of mcgs', () => {
  const rivals = CONTESTANTS.map(({ name }) => name).filter((name) => name !== 'mcgs');
  expect(tableOf('rivals')).toBe(rivalsTable(resultsOf('tournament'), 'mcgs', rivals));
}, 600_000);

test('what was open in mcgs', () => {
  const halves = { tune: resultsOf('tuning'), confirm: resultsOf('confirmation') };
  expect(tableOf('tuning')).toBe(tuningTable(halves, VARIANTS, 'mcgs'));
}, 600_000);

function tableOf(name: string): string {
  const [begin, end] = [`<!-- policies-${name}:begin -->`, `<!-- policies-${name}:end -->`];
  const document = read('docs/policies.md');
  return document.slice(document.indexOf(begin) + begin.length, document.indexOf(end)).trim();
}
