// Records what an author is told of each practice competition: card, split, description, input files. `bench:prompts`, the golden prompts and
// docs/operators.md read these, so that they need no data. Builder seed 1; paths of the machine are left out.
//
//   PYTHONPATH=python:bench:<practice packages> python bench/prompts/prepare.py <scratch> <id> ... > prepared.jsonl
//   node bench/prompts/record.mjs prepared.jsonl

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = process.env.AUTOMLGEN_DIST ?? join(root, 'dist');
const { inputFiles } = await import(pathToFileURL(join(dist, 'activities/input-files.js')).href);

const [list] = process.argv.slice(2);
if (!list) throw new Error('Usage: node bench/prompts/record.mjs <prepared.jsonl>');
for (const line of readFileSync(list, 'utf8').trim().split('\n')) {
  const { id, prepared, public: folder } = JSON.parse(line);
  const { card, split, views } = prepared;
  const description = readFileSync(join(folder, 'description.md'), 'utf8').slice(0, 20_000);
  const inputs = await inputFiles(views.main ?? views.fold1);
  const path = join(root, 'bench/prompts/tasks', `${id}.json`);
  writeFileSync(path, `${JSON.stringify({ card, split, description, inputs }, null, 1)}\n`);
  console.log(
    `${id}: ${card.columns.length} columns, ${description.length} characters of description, ${inputs.length} input files`,
  );
}
