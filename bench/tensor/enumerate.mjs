// Walks the composer's own moves from its drafts until no plan of one model is new, and writes each as a program.
//
//   node bench/tensor/enumerate.mjs <landscape> <prepared folder> <folder>
//
// Deterministic. Means of several models are not written: their predictions are those of their members, averaged.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grammarOf, keyOf, load } from './grammar.mjs';

const DRAFT_SEEDS = 8;
const TUNE_SEEDS = 6;
/** A walk that has not ended by then belongs to a grammar that is too wide to be recorded. */
const MOST = 2_500;

const [name, prepared, goal] = process.argv.slice(2);
if (!goal) throw new Error('Usage: node bench/tensor/enumerate.mjs <landscape> <prepared folder> <folder>');
const { render } = await load('authors/composer/render.js');
const { describe, familyOf } = await load('authors/composer/describe.js');
const { fingerprintOf } = await load('domain/fingerprint.js');
const read = (file) => JSON.parse(readFileSync(join(prepared, file), 'utf8'));
const grammar = grammarOf(name, read('card.json'), read('split.json'));
const { facts, catalogue } = grammar.workshop;

const found = new Map();
for (const wish of drafts()) note(wish);
for (const plan of found.values()) for (const wish of improvements(plan)) note(wish);

function* drafts() {
  for (let seed = 0; seed < DRAFT_SEEDS; seed += 1) yield { operator: 'draft', seed };
}

/** Features and strategies are shuffled, not drawn: one seed shows them all. */
function* improvements(plan) {
  const parent = { plan };
  for (let seed = 0; seed < TUNE_SEEDS; seed += 1) yield { operator: 'improve', variant: 'tune', seed, parent };
  yield { operator: 'improve', variant: 'features', seed: 0, parent };
  yield { operator: 'improve', variant: 'strategy', seed: 0, parent };
}

function note(wish) {
  for (const { plan, changes } of grammar.ideas(wish)) {
    // Two changes of features at once are reached by one after the other.
    if (wish.variant === 'features' && changes.length > 1) return;
    if (plan.members.length > 1 || !grammar.has(plan) || found.has(keyOf(plan))) continue;
    found.set(keyOf(plan), plan);
    if (found.size > MOST) throw new Error(`${name} has more than ${MOST} plans.`);
  }
}

const programs = join(goal, 'programs');
mkdirSync(programs, { recursive: true });
const plans = [...found.values()].map((plan, index) => {
  const program = render(plan, facts, catalogue);
  const id = `q${index + 1}`;
  writeFileSync(join(programs, `${id}.py`), program);
  const summary = describe(plan, catalogue);
  return { id, family: familyOf(plan, catalogue), summary, fingerprint: fingerprintOf(program), plan };
});
const distinct = new Set(plans.map(({ fingerprint }) => fingerprint)).size;
if (distinct !== plans.length) throw new Error(`${plans.length} plans, but only ${distinct} programs.`);
writeFileSync(join(goal, 'plans.json'), `${JSON.stringify({ landscape: name, plans }, null, 1)}\n`);
console.log(`${name}: ${plans.length} programs`);
