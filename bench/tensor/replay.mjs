// Plays policies on recorded landscapes. Scores are made comparable within each landscape: 0 is the test score of its
// median program, 1 that of its best one, so that a blend may lie above 1.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { load } from './grammar.mjs';
import { unpack } from './pack.mjs';

const SLOTS = 2;

const { SearchConfig } = await load('domain/search-config.js');
const { CONTESTANTS } = await load('search/simulate/contestants.js');
const { simulate } = await load('search/simulate/simulate.js');
const { recordedWorld } = await load('search/simulate/recorded/recorded-world.js');
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
  const world = recordedWorld(recording);
  const scale = scaleOf(recording);
  const config = { ...SearchConfig.parse({}), ...timesOf(recording, nodes), slots: SLOTS };
  const records = {};
  for (const contestant of contestants) {
    const runs = Array.from({ length: seeds }, (_, seed) => play(world, { ...config, seed: seed + 1 }, contestant));
    records[contestant.name] = recordOf(runs, scale);
  }
  return { ...factsOf(recording, scale), records };
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

function recordOf(runs, { of, span }) {
  const average = (value) => round(mean(runs.map(value)));
  return {
    truth: runs.map(({ truth }) => round(of(truth))),
    blend: runs.map(({ blend }) => round(of(blend))),
    overTime: runs.map(({ overTime }) => round(of(overTime))),
    oracle: average(({ oracle }) => of(oracle)),
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

/** From the unit of the metric to shares of the way from the median program to the best one. */
function scaleOf({ programs, direction }) {
  const sign = direction === 'maximise' ? 1 : -1;
  const tests = programs.flatMap(({ test }) => (test === null ? [] : [sign * test])).sort((a, b) => a - b);
  const [median, best] = [tests[Math.floor(tests.length / 2)], tests.at(-1)];
  const span = best - median;
  return { of: (value) => (sign * value - median) / span, span, median: sign * median, best: sign * best };
}

function factsOf(
  { landscape, metric, sha256, programs, rows, trainRows, startSeconds, constant, means, moves },
  { of, median, best },
) {
  const valid = programs.filter(({ test }) => test !== null);
  const seconds = valid.map((program) => program.seconds).sort((a, b) => a - b);
  return {
    landscape,
    metric,
    sha256,
    programs: programs.length,
    failed: programs.length - valid.length,
    rows: { train: trainRows, searched: rows.searched.filter(Boolean).length, test: rows.test },
    seconds: { start: startSeconds, median: seconds[Math.floor(seconds.length / 2)], most: seconds.at(-1) },
    scores: { constant, median, best, constantOnScale: round(of(constant)) },
    agreement: round(
      correlation(
        valid.map(({ search }) => search),
        valid.map(({ test }) => test),
      ),
    ),
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
