// Writes programs of the composer for a prepared task into a folder, one file each, for the boards of the practice
// competitions: its whole portfolio, then random improvements of random earlier programs. Deterministic.
//
//   node bench/composer-draws.mjs <prepared folder> <folder for programs> [how many, default 45] [seconds a program may
//   run, default 120] [CPUs, default 2]
//
// Then: python -m automlgen_runtime.practice.record <id> --board src/tasks/practice/boards/<id>.json --programs <folder>

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const dist = process.env.AUTOMLGEN_DIST ?? join(root, 'dist');
const load = (path) => import(pathToFileURL(join(dist, path)).href);

const [prepared, goal, many = '45', seconds = '120', cpus = '2'] = process.argv.slice(2);
if (!prepared || !goal)
  throw new Error('Usage: node bench/composer-draws.mjs <prepared folder> <folder> [count] [seconds] [cpus]');
const { createComposer } = await load('authors/composer/composer.js');
const { fingerprintOf } = await load('domain/fingerprint.js');
const { loadEntries } = await load('knowledge/load.js');

const composer = createComposer({
  entries: loadEntries(join(root, 'src/knowledge/entries')),
  templatesFolder: join(root, 'src/authors/composer/templates'),
});
const card = JSON.parse(readFileSync(join(prepared, 'card.json'), 'utf8'));
const split = JSON.parse(readFileSync(join(prepared, 'split.json'), 'utf8'));
const known = [];
const taken = new Set();

for (let seed = 1; known.length < Number(many) && seed < 10 * Number(many); seed++) {
  const drafting = known.length < 20 && !known.exhausted;
  const parent = drafting ? undefined : known[(seed * 7919) % known.length];
  const variant = ['tune', 'features', 'strategy'][seed % 3];
  const proposal = await composer.propose({
    runId: 'board-20260101-aaaaaa',
    nodeId: `n${known.length + 1}`,
    operator: drafting ? 'draft' : 'improve',
    ...(drafting ? {} : { variant, parent }),
    seed,
    card,
    split,
    description: '',
    references: [],
    siblings: [],
    best: [],
    knowledge: [],
    taken,
    hints: [],
    limits: { cpus: Number(cpus), memoryMiB: 4096, runSeconds: Number(seconds) },
  });
  if (proposal.kind === 'none') {
    if (drafting) known.exhausted = true;
    continue;
  }
  taken.add(fingerprintOf(proposal.program));
  const kind = drafting ? 'draft' : variant;
  known.push({
    nodeId: `n${known.length + 1}`,
    operator: 'draft',
    changes: [],
    status: 'valid',
    seconds: 5,
    ...proposal,
  });
  mkdirSync(goal, { recursive: true });
  const name = `composer ${String(known.length).padStart(2, '0')}, ${kind}.py`;
  writeFileSync(join(goal, name), `# ${proposal.summary}\n${proposal.program}`);
}
console.log(`${known.length} programs in ${goal}`);
