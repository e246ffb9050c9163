// Policies against each other on synthetic landscapes, driven by the real search core.
//
//   npm run bench:policies                         # the tournament: 400 to 600 seeds, 9 policies, 3 profiles, on two threads
//   npm run bench:policies -- --tune               # open numbers of mcgs, on the half of the landscapes that they are tuned on
//   npm run bench:policies -- --confirm            # what was clear there, or nearly so, on the other half
//   npm run bench:policies -- --table              # the tables of docs/policies.md from the committed results
//   npm run bench:policies -- --seeds 20 --policy mcgs,greedy --profile composer --threads 1 --print
//
// Results lie in bench/policies/results with a checksum of their own, each profile as soon as it is done. The same seeds give the same numbers
// on every machine, on however many threads. `--print` writes nothing, nor does a run with other seeds or policies than the committed ones.
// A run can be stopped and goes on where it was; with `--minutes 20` a profile ends early and keeps the seeds it has, whole landscapes only.

import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { openJournal } from './journal.mjs';
import { playAll } from './pool.mjs';
import { writeProfile } from './results.mjs';
import { writeTables } from './tables.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string' },
    policy: { type: 'string' },
    profile: { type: 'string' },
    threads: { type: 'string', default: '2' },
    minutes: { type: 'string', default: 'Infinity' },
    tune: { type: 'boolean', default: false },
    confirm: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    print: { type: 'boolean', default: false },
  },
});
if (!process.env.AUTOMLGEN_DIST) {
  const { bringUpToDate } = await import('../../bin/up-to-date.mjs');
  if (!(await bringUpToDate(root))) process.exit(1);
}
const dist = process.env.AUTOMLGEN_DIST ?? `${root}dist`;
const load = (path) => import(pathToFileURL(`${dist}/search/simulate/${path}`).href);
const { SEARCH_ALGORITHM } = await load('../state.js');
const { CONTESTANTS, REFERENCE } = await load('contestants.js');
const { VARIANTS } = await load('variants.js');
const { PROFILES } = await load('operator-profile.js');
const { cellsOf } = await load('tournament.js');
const { rivalsTable, standingsTable, tuningTable } = await load('markdown.js');

const SEEDS = {
  tournament: { 'r1-2025': 600, 'strong-2026': 600, composer: 400 },
  tune: { 'r1-2025': 200, 'strong-2026': 200, composer: 80 },
};
const profiles = options.profile?.split(',') ?? Object.keys(PROFILES);
const partly = options.print || options.seeds || options.policy;

if (options.table) {
  await writeTables(root, dist);
} else if (options.tune || options.confirm) {
  const half = options.tune ? 'tune' : 'confirm';
  const open = options.tune ? VARIANTS : VARIANTS.filter(({ confirm }) => confirm);
  const names = ['mcgs', ...(options.policy?.split(',') ?? open.map(({ name }) => name))];
  const seedsOf = (profile) => Number(options.seeds ?? SEEDS.tune[profile]);
  const results = await tournament(options.tune ? 'tuning' : 'confirmation', half, seedsOf, names);
  const variants = VARIANTS.filter(({ name }) => names.includes(name));
  console.log(tuningTable({ tune: results, confirm: [] }, variants, 'mcgs'));
} else {
  const names = options.policy?.split(',') ?? CONTESTANTS.map(({ name }) => name);
  const seedsOf = (profile) => Number(options.seeds ?? SEEDS.tournament[profile]);
  const results = await tournament('tournament', 'confirm', seedsOf, names);
  if (names.includes(REFERENCE)) console.log(standingsTable(results, names, REFERENCE));
  const rivals = names.filter((name) => name !== 'mcgs');
  if (names.includes('mcgs') && rivals.length > 0) console.log(`\n${rivalsTable(results, 'mcgs', rivals)}`);
}

/** Plays `names` on one half, profile by profile, and writes each into the file `goal`. */
async function tournament(goal, half, seedsOf, names) {
  const results = [];
  for (const profile of profiles) {
    const started = performance.now();
    const cells = cellsOf(profile, half, seedsOf(profile));
    const tasks = cells.map((cell) => ({ cell, contestants: names }));
    const journal = openJournal(dist, `${goal}-${profile}`);
    const untilMs = Date.now() + 60_000 * Number(options.minutes);
    const say = progress(`${goal}, ${profile}`);
    const all = await playAll(dist, tasks, { threads: Number(options.threads), journal, untilMs, say });
    const played = wholeLandscapes(cells, all);
    const records = Object.fromEntries(names.map((name, place) => [name, recordOf(played.map((cell) => cell[place]))]));
    const landscapes = cells.slice(0, played.length).map(({ landscape }) => landscape);
    const result = { profile, landscapes, records };
    results.push(result);
    if (!partly) writeProfile(goal, SEARCH_ALGORITHM, result);
    console.error(
      `${profile}, ${half}: ${cells.length} seeds in ${((performance.now() - started) / 1000).toFixed(0)} s`,
    );
  }
  return results;
}

/** Results up to the first that is missing, without the landscape that it belongs to. */
function wholeLandscapes(cells, results) {
  const missing = results.indexOf(undefined);
  if (missing < 0) return results;
  return results.slice(
    0,
    cells.findIndex(({ landscape }) => landscape === cells[missing].landscape),
  );
}

function recordOf(runs) {
  const mean = (of) => round(runs.reduce((sum, run) => sum + of(run), 0) / runs.length);
  return {
    truth: runs.map(({ truth }) => round(truth)),
    overTime: runs.map(({ overTime }) => round(overTime)),
    optimism: mean((run) => run.optimism),
    nodes: mean((run) => run.nodes),
    failed: mean((run) => run.failed),
    rejected: mean((run) => run.rejected),
    operators: Object.fromEntries(
      Object.keys(runs[0]?.operators ?? {}).map((name) => [name, mean((run) => run.operators[name])]),
    ),
  };
}

function round(value) {
  return Math.round(1e4 * value) / 1e4;
}

/** Every tenth of the way, on one line each. */
function progress(what) {
  let said = 0;
  return (done, all) => {
    const tenths = Math.floor((10 * done) / all);
    if (tenths > said) console.error(`${what}: ${10 * tenths} %`);
    said = tenths;
  };
}
