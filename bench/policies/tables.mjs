// The tables of docs/policies.md, between markers. The same results give the same bytes.

import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { readResults } from './results.mjs';

/** Replaces what lies between the markers of each table. */
export async function writeTables(root, dist) {
  const path = `${root}docs/policies.md`;
  const before = readFileSync(path, 'utf8');
  const tables = await tablesFrom(dist);
  writeFileSync(
    path,
    Object.entries(tables).reduce((text, [name, table]) => between(text, name, table), before),
  );
}

/** Markdown by the name of its marker. */
async function tablesFrom(dist) {
  const load = (file) => import(pathToFileURL(`${dist}/search/simulate/${file}`).href);
  const { CONTESTANTS, REFERENCE } = await load('contestants.js');
  const { VARIANTS } = await load('variants.js');
  const { rivalsTable, standingsTable, tuningTable } = await load('markdown.js');
  const { results } = readResults('tournament');
  const halves = { tune: readResults('tuning').results, confirm: readResults('confirmation').results };
  const names = CONTESTANTS.map(({ name }) => name);
  const rivals = names.filter((name) => name !== 'mcgs');
  return {
    standings: standingsTable(results, names, REFERENCE),
    rivals: rivalsTable(results, 'mcgs', rivals),
    tuning: tuningTable(halves, VARIANTS, 'mcgs'),
  };
}

function between(text, name, table) {
  const [begin, end] = [`<!-- policies-${name}:begin -->`, `<!-- policies-${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/policies.md has no place for the table ${name}.`);
  return `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}`;
}
