// Policies against each other on synthetic landscapes, driven by the real search core.
//
//   npm run bench:policies                         # the tournament: 400 seeds, 9 policies, 3 profiles; about ten minutes on two cores
//   npm run bench:policies -- --tune               # open numbers of mcgs, on the half of the landscapes that they are tuned on
//   npm run bench:policies -- --confirm            # the same on the other half
//   npm run bench:policies -- --table              # the tables of docs/policies.md from the committed results
//   npm run bench:policies -- --seeds 20 --policy mcgs,greedy --profile composer --threads 1 --print
//
// Results lie in bench/policies/results with a checksum of their own. The same seeds give the same numbers on every machine, on however many
// threads. `--print` only prints and writes nothing; so does any run with other seeds, policies or profiles than the committed ones.

import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { playAll } from './pool.mjs';
import { writeResults } from './results.mjs';
import { writeTables } from './tables.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string' },
    policy: { type: 'string' },
    profile: { type: 'string' },
    threads: { type: 'string', default: '2' },
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
const { CONTESTANTS, REFERENCE } = await load('contestants.js');
const { VARIANTS } = await load('variants.js');
const { PROFILES } = await load('operator-profile.js');
const { cellsOf } = await load('tournament.js');
const { rivalsTable, standingsTable, tuningTable } = await load('markdown.js');

const SEEDS = { tournament: 400, tune: { 'r1-2025': 200, 'strong-2026': 200, composer: 80 } };
const profiles = options.profile?.split(',') ?? Object.keys(PROFILES);
const partly = options.print || options.seeds || options.policy || options.profile;

if (options.table) {
  await writeTables(root, dist);
} else if (options.tune || options.confirm) {
  const half = options.tune ? 'tune' : 'confirm';
  const names = ['mcgs', ...(options.policy?.split(',') ?? VARIANTS.map(({ name }) => name))];
  const results = await tournament(half, (profile) => Number(options.seeds ?? SEEDS.tune[profile]), names);
  const variants = VARIANTS.filter(({ name }) => names.includes(name));
  console.log(tuningTable({ tune: results, confirm: [] }, variants, 'mcgs'));
  if (!partly) writeResults(options.tune ? 'tuning' : 'confirmation', { results });
} else {
  const names = options.policy?.split(',') ?? CONTESTANTS.map(({ name }) => name);
  const seedsOf = () => Number(options.seeds ?? SEEDS.tournament);
  const results = await tournament('confirm', seedsOf, names);
  if (names.includes(REFERENCE)) console.log(standingsTable(results, names, REFERENCE));
  const rivals = names.filter((name) => name !== 'mcgs');
  if (names.includes('mcgs') && rivals.length > 0) console.log(`\n${rivalsTable(results, 'mcgs', rivals)}`);
  if (!partly) writeResults('tournament', { results });
}

/** Plays `names` on one half, profile by profile. */
async function tournament(half, seedsOf, names) {
  const results = [];
  for (const profile of profiles) {
    const started = performance.now();
    const cells = cellsOf(profile, half, seedsOf(profile));
    const tasks = cells.map((cell) => ({ cell, contestants: names }));
    const played = await playAll(dist, tasks, {
      threads: Number(options.threads),
      say: progress(`${profile}, ${half}`),
    });
    const records = Object.fromEntries(names.map((name, place) => [name, recordOf(played.map((cell) => cell[place]))]));
    results.push({ profile, landscapes: cells.map(({ landscape }) => landscape), records });
    console.error(
      `${profile}, ${half}: ${cells.length} seeds in ${((performance.now() - started) / 1000).toFixed(0)} s`,
    );
  }
  return results;
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
