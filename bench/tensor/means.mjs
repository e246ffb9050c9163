// A few means of two or three recorded programs, written as the composer writes them: run for real, they show whether the
// replay's blends of predictions are what such programs predict.
//
//   node bench/tensor/means.mjs <landscape> <prepared folder> <folder with plans.json>

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grammarOf, load } from './grammar.mjs';

const MEANS = 6;

const [name, prepared, folder] = process.argv.slice(2);
if (!folder) throw new Error('Usage: node bench/tensor/means.mjs <landscape> <prepared folder> <folder>');
const { render } = await load('authors/composer/render.js');
const { withMembers } = await load('authors/composer/change.js');
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const { workshop } = grammarOf(name, read(join(prepared, 'card.json')), read(join(prepared, 'split.json')));
const { plans } = read(join(folder, 'plans.json'));

// Far apart in the order of the walk, so that families, columns and numbers differ.
const means = Array.from({ length: MEANS }, (_, number) => {
  const size = number % 2 === 0 ? 2 : 3;
  const members = Array.from({ length: size }, (_, place) => (number * 131 + place * 197 + 5) % plans.length);
  const plan = withMembers(
    plans[members[0]].plan,
    members.map((member) => plans[member].plan.members[0]),
    workshop,
  );
  const id = `m${number + 1}`;
  writeFileSync(join(folder, 'programs', `${id}.py`), render(plan, workshop.facts, workshop.catalogue));
  return { id, members: members.map((member) => plans[member].id) };
});
writeFileSync(join(folder, 'means.json'), `${JSON.stringify(means, null, 1)}\n`);
