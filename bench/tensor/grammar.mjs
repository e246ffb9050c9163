// The part of the composer's grammar that a landscape records: its own components, moves and portfolio, with the numbers
// that may vary cut down to a few values. So narrowed, the composer's moves lead from recorded plans to recorded plans.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = process.env.AUTOMLGEN_DIST ?? join(root, 'dist');
export const load = (path) => import(pathToFileURL(join(dist, path)).href);

export const LANDSCAPES = JSON.parse(readFileSync(new URL('./landscapes.json', import.meta.url), 'utf8'));

/** Far beyond what any recorded program needs: nothing is shortened, so that plans stay on the grid. */
const LIMITS = { cpus: 1, memoryMiB: 16_384, runSeconds: 36_000 };

const { loadEntries } = await load('knowledge/load.js');
const { createCatalogue } = await load('authors/composer/catalogue.js');
const { factsOf } = await load('authors/composer/facts.js');
const { affordable } = await load('authors/composer/affordable.js');
const { ideasFor } = await load('authors/composer/operators.js');

/** The composer over the narrowed entries, for one prepared task. */
export function grammarOf(name, card, split) {
  const { components } = LANDSCAPES[name];
  const entries = loadEntries(join(root, 'src/knowledge/entries')).map((entry) => narrowed(entry, components));
  const catalogue = createCatalogue(entries, join(root, 'src/authors/composer/templates'));
  const workshop = { facts: factsOf(card, split, LIMITS.cpus), catalogue };
  const request = { best: [], references: [], siblings: [], knowledge: [], taken: new Set(), card, split };
  return {
    workshop,
    /** What the composer would offer, one after the other, those outside the grammar included. */
    *ideas(wish) {
      for (const idea of ideasFor({ ...request, ...wish }, workshop)) {
        const plan = affordable(idea.plan, LIMITS, workshop);
        if (plan) yield { plan: ordered(plan), changes: idea.changes };
      }
    },
    /** Every component is one of the landscape's, every parameter on its grid. */
    has: (plan) => stepsOf(plan).every((step) => components[step.component] && onGrid(step, catalogue, components)),
  };
}

/** Not offered where it is none of the landscape's; only parameters of the grid can be tuned. */
function narrowed(entry, components) {
  const grid = components[entry.id];
  if (!grid) return entry.component ? { ...entry, modalities: ['none'], metrics: ['none'] } : entry;
  const { component, params, ...rest } = entry;
  const fixed = (parameter) => ({ ...parameter, note: 'fixed' });
  const chosen = ({ name, default: usual }, values) => {
    return { name, type: 'choice', values, default: values.includes(usual) ? usual : values[0] };
  };
  return {
    ...rest,
    component,
    params: params.map((each) => (grid[each.name] ? chosen(each, grid[each.name]) : fixed(each))),
  };
}

function onGrid(step, catalogue, components) {
  const grid = components[step.component];
  return catalogue
    .get(step.component)
    .params.every(({ name, default: standard }) => (grid[name] ?? [standard]).includes(step.params[name]));
}

function stepsOf({ load: first, members, calibrate, ensemble, post }) {
  const inside = members.flatMap(({ clean, encode, feature, select, model }) => [
    ...clean,
    ...encode,
    ...feature,
    ...select,
    model,
  ]);
  return [first, ...inside, ...calibrate, ...ensemble, ...post];
}

/** Columns side by side: the order in which features were added makes no other plan. */
function ordered(plan) {
  const byId = (steps) => steps.toSorted((a, b) => (a.component < b.component ? -1 : 1));
  return { ...plan, members: plan.members.map((each) => ({ ...each, feature: byId(each.feature) })) };
}

/** Equal for equal plans, whatever the order of features. */
export const keyOf = (plan) => JSON.stringify(plan);
