// Plays policies on recorded landscapes. Each seed deals the rows anew: those to search on and those to judge by. Scores are
// made comparable within each landscape: 0 is the median program on the same rows, and 1 lies as much higher as the best
// program is better than the median one on all rows, so that a blend may lie above 1.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { load } from './grammar.mjs';
import { unpack } from './pack.mjs';

const SLOTS = 2;

const { SearchConfig } = await load('domain/search-config.js');
const { CONTESTANTS } = await load('search/simulate/contestants.js');
const { simulate } = await load('search/simulate/simulate.js');
const { recordedWorld } = await load('search/simulate/recorded/recorded-world.js');
const { dealt } = await load('search/simulate/recorded/deal.js');
const { blendOf } = await load('search/simulate/recorded/final-answer.js');

/**
 * Every contestant on every landscape with the same seeds, a process for each landscape. `nodes`: so many programs of mean cost
 * fit into the time of the search, on two slots.
 */
export async function replayAll({ landscapes, seeds, nodes, names }) {
  const contestants = contestantsOf(names).map(({ name }) => name);
  const played = await Promise.all(landscapes.map((name) => inProcess({ name, seeds, nodes, names: contestants })));
  return { seeds, nodes, slots: SLOTS, names: contestants, landscapes: played };
}

function inProcess(task) {
  const script = fileURLToPath(new URL('./replay-one.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((done, fail) => {
    const parts = [];
    child.stdout.on('data', (part) => parts.push(part));
    child.on('error', fail);
    child.on('close', (code) =>
      code === 0
        ? done(JSON.parse(Buffer.concat(parts).toString('utf8')))
        : fail(new Error(`${task.name} ended with ${code}.`)),
    );
  });
}

/** One landscape. Throws when it was not recorded. */
export function replayOne({ name, seeds, nodes, names }) {
  const recording = unpack(name);
  if (!recording) throw new Error(`${name} is not recorded: npm run bench:tensor -- record`);
  return landscapeOf(recording, contestantsOf(names), { seeds, nodes });
}

function contestantsOf(names) {
  return CONTESTANTS.filter(({ name }) => names === undefined || names.includes(name));
}

function landscapeOf(recording, contestants, { seeds, nodes }) {
  const scale = scaleOf(recording);
  const config = { ...SearchConfig.parse({}), ...timesOf(recording, nodes), slots: SLOTS };
  const runs = Object.fromEntries(contestants.map(({ name }) => [name, []]));
  const agreements = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const deal = dealt(recording, seed);
    const world = recordedWorld(deal);
    const of = scale.from(medianOf(deal));
    for (const contestant of contestants)
      runs[contestant.name].push({ ...play(world, { ...config, seed }, contestant), of });
    agreements.push(agreementOf(deal));
  }
  const records = Object.fromEntries(Object.entries(runs).map(([name, all]) => [name, recordOf(all, scale)]));
  return { ...factsOf(recording, scale), agreement: round(mean(agreements)), records };
}

/** Time for the nodes, if the slots were always busy and programs cost what they do on average. */
function timesOf({ startSeconds, programs }, nodes) {
  const seconds = startSeconds + mean(programs.map((program) => program.seconds));
  const searchMs = (1000 * nodes * seconds) / SLOTS;
  const { reserveShare } = SearchConfig.parse({});
  return { budgetMs: searchMs / (1 - reserveShare), runSecondsCap: searchMs / 1000 };
}

function play(world, config, { options, policy }) {
  const run = simulate(world, { config: { ...config, ...options }, ...(policy && { policy }) });
  const valid = Object.values(run.state.nodes).filter(({ status }) => status === 'valid');
  const plans = valid.map(({ fingerprint }) => fingerprint.split('+').map(Number));
  const blend = blendOf(world.answers, plans);
  return { ...run, blend: blend?.test ?? world.nothing, means: plans.filter(({ length }) => length > 1).length };
}

function recordOf(runs, { span }) {
  const average = (value) => round(mean(runs.map(value)));
  return {
    truth: runs.map(({ truth, of }) => round(of(truth))),
    blend: runs.map(({ blend, of }) => round(of(blend))),
    overTime: runs.map(({ overTime, of }) => round(of(overTime))),
    oracle: average(({ oracle, of }) => of(oracle)),
    optimism: average(({ optimism }) => optimism / span),
    nodes: average((run) => run.nodes),
    means: average((run) => run.means),
    failed: average((run) => run.failed),
    rejected: average((run) => run.rejected),
    operators: Object.fromEntries(
      Object.keys(runs[0].operators).map((name) => [name, average(({ operators }) => operators[name])]),
    ),
  };
}

/** From the unit of the metric to shares of the way from the median program to the best one, both on all rows. */
function scaleOf(recording) {
  const { rows } = recording;
  const all = recordedWorld({ ...recording, rows: joined(rows), programs: recording.programs }).answers;
  const sign = all.rows.search.sign;
  const values = recording.programs
    .flatMap(({ test }, number) => (test === null ? [] : [sign * all.measured([number]).value]))
    .sort((a, b) => a - b);
  const [median, best] = [values[Math.floor(values.length / 2)], values.at(-1)];
  const span = best - median;
  return {
    from: (middle) => (value) => (sign * (value - middle)) / span,
    span,
    median: sign * median,
    best: sign * best,
  };
}

/** Hidden and test rows as one. */
function joined({ hidden, test, truth, ...rows }) {
  const count = hidden + test;
  const searched = Array.from({ length: count }, () => true);
  return { ...rows, hidden: count, test: 0, searched, group: null, truth: truth && [[...truth[0], ...truth[1]], []] };
}

function medianOf({ programs }) {
  const tests = programs.flatMap(({ test }) => (test === null ? [] : [test])).sort((a, b) => a - b);
  return tests[Math.floor(tests.length / 2)];
}

function agreementOf({ programs }) {
  const valid = programs.filter(({ test }) => test !== null);
  return correlation(
    valid.map(({ search }) => search),
    valid.map(({ test }) => test),
  );
}

function factsOf(
  { landscape, metric, sha256, programs, rows, trainRows, startSeconds, constant, means, moves },
  { median, best },
) {
  const valid = programs.filter(({ search }) => search !== null);
  const seconds = valid.map((program) => program.seconds).sort((a, b) => a - b);
  return {
    landscape,
    metric,
    sha256,
    programs: programs.length,
    failed: programs.length - valid.length,
    rows: { train: trainRows, searched: rows.searched.filter(Boolean).length, test: rows.test },
    seconds: { start: startSeconds, median: seconds[Math.floor(seconds.length / 2)], most: seconds.at(-1) },
    scores: { constant, median, best },
    coverage: moves.coverage,
    means: { ran: means.length, apart: Math.max(...means.map(({ apart }) => apart)) },
  };
}

function correlation(xs, ys) {
  const [mx, my] = [mean(xs), mean(ys)];
  const product = mean(xs.map((x, place) => (x - mx) * (ys[place] - my)));
  return product / Math.sqrt(mean(xs.map((x) => (x - mx) ** 2)) * mean(ys.map((y) => (y - my) ** 2)));
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function round(value) {
  return Math.round(1e4 * value) / 1e4;
}
