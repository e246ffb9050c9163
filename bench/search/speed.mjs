// How long a decision and the event after it take, for every policy, in searches of 100, 1,000 and 10,000 nodes.
//
//   npm run bench:search [-- --policy mcgs] [--nodes 1000] [--rounds 60] [--json]
//
// A round is one whole node with three slots: reserved, proposed, started, executed, finished, and whatever is decided in between. Each event
// is followed by the next decision, as in a run: the pair is what a workflow pays for an event. Times are processor time of this machine; the
// last column divides by a fixed loop timed on the same machine, so that machines can be compared.

import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
if (!process.env.AUTOMLGEN_DIST) {
  const { bringUpToDate } = await import('../../bin/up-to-date.mjs');
  if (!(await bringUpToDate(root))) process.exit(1);
}
const dist = process.env.AUTOMLGEN_DIST ?? `${root}dist`;
const load = (path) => import(pathToFileURL(`${dist}/search/${path}`).href);
const { apply } = await load('apply.js');
const { decide } = await load('decide.js');
const { initialState } = await load('initial-state.js');
const { draw, streamsOf } = await load('random.js');

const { values: options } = parseArgs({
  options: {
    policy: { type: 'string' },
    nodes: { type: 'string' },
    rounds: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
  },
});
const POLICIES = [
  ...['mcgs', 'mcgs-paper', 'mcts', 'top-k', 'greedy'],
  ...['aira-mcts', 'aira-evolutionary', 'star', 'draft-only'],
];
const SIZES = [100, 1000, 10_000];
/** Times that everything is done before it is measured: until then the compiler's threads cost more than what they compile. */
const WARM_UP = 3;
const NO_COST = { seconds: 0, gpuSeconds: 0, usd: 0, tokens: 0, executions: 0 };
const CONFIG = {
  ...{ seed: 1, slots: 3, budgetMs: 360_000_000, executions: 1_000_000, reserveShare: 0.15, runSecondsCap: 3600 },
  ...{ proposalsAhead: 1, drafts: 5, exploration: 0.1, beatsZ: 0.5, debugDepth: 3, rejectionsPerParent: 3 },
  ...{ stagnationBranch: 3, stagnationGlobal: 6, aggregations: 2, evolve: true, fuse: true, aggregate: true },
  ...{ greedyDrafts: 5, greedyDebugProbability: 0.5 },
};

const policies = options.policy ? [options.policy] : POLICIES;
const sizes = options.nodes ? [Number(options.nodes)] : SIZES;
const unitMs = calibrate();
const rows = [];
for (const policy of policies) {
  for (const nodes of sizes) {
    const rounds = Number(options.rounds);
    for (let warming = 0; warming < WARM_UP; warming += 1) measure(policy, nodes, rounds);
    rows.push({ policy, nodes, ...measure(policy, nodes, rounds) });
  }
}
if (options.json) console.log(JSON.stringify({ unitMs, rows }, null, 1));
else print(rows);

/** Times of `rounds` nodes on top of a tree of `nodes`, milliseconds. */
function measure(policy, nodes, rounds) {
  let state = bushy(policy, nodes);
  const times = { decide: [], apply: [], pair: [] };
  const timed = (list, work) => {
    const began = process.cpuUsage();
    const result = work();
    list.push(since(began));
    return result;
  };
  const flying = [];
  let decision = decide(state);
  for (let made = 0, step = 0; made < rounds; step += 1) {
    if (step > 50 * rounds) throw new Error(`${policy} does not come on: ${JSON.stringify(decision)}`);
    const event = eventAfter(state, decision, flying, step);
    const began = process.cpuUsage();
    state = timed(times.apply, () => apply(state, event));
    decision = timed(times.decide, () => decide(state));
    times.pair.push(since(began));
    if (event.kind === 'finished' || event.kind === 'failed') made += 1;
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, quantiles(list)]));
}

/** What happens after a decision: it is carried out, or when waiting the oldest work comes one step further. */
function eventAfter(state, decision, flying, step) {
  const atMs = state.clock.nowMs + 1;
  if (decision.kind === 'expand') {
    const { kind: _, ...reserved } = decision;
    flying.push(decision.nodeId);
    return { kind: 'reserved', atMs, ...reserved };
  }
  const nodeId = decision.kind === 'dispatch' ? decision.nodeId : flying[0];
  if (decision.kind === 'dispatch') return { kind: 'started', atMs, nodeId, try: 1 };
  if (decision.kind !== 'wait') throw new Error(`unexpected: ${JSON.stringify(decision)}`);
  const cost = { ...NO_COST, seconds: 60 };
  const works = state.reservations.filter(({ phase }) => phase !== 'ready');
  const work = works.find(({ phase }) => phase === 'proposing') ?? works[0];
  const on = { atMs, nodeId: work.nodeId, cost };
  if (work.phase === 'proposing')
    return { kind: 'proposed', ...on, programRef: 'p', planRef: 'q', fingerprint: work.nodeId, family: `f${step % 5}` };
  if (work.phase === 'executing' && step % 7 === 0)
    return { kind: 'failed', ...on, failure: 'exception', milestones: 3 };
  if (work.phase === 'executing') return { kind: 'executed', ...on };
  return { kind: 'finished', ...on, score: scoreOf(draw([step, 5], 0)), versus: {} };
}

/** A bushy tree from twenty drafts on, one node in ten failed and was repaired; half of the time is over. */
function bushy(policy, count) {
  const stream = streamsOf(3).noise;
  const config = { ...CONFIG, policy };
  const nodes = {};
  for (let place = 0; place < count; place += 1) {
    const any = nodes[`n${1 + Math.floor(draw(stream, 2 * place) * place)}`];
    const node = nodeBelow(placed(place, nodes[`n${place}`], any), place, draw(stream, 2 * place + 1));
    nodes[node.id] = node;
  }
  const start = initialState({ config, direction: 'maximise', startedMs: 0, slots: 3 });
  return {
    ...start,
    ...{ nodes, nextNode: count + 1, spent: { ...NO_COST, executions: count } },
    clock: { ...start.clock, nowMs: 200_000_000 },
  };
}

/** A failed node is repaired by the next; the first twenty are drafts, and so is what would hang below a failed node. */
function placed(place, last, any) {
  if (last?.status === 'failed') return { operator: 'debug', parent: last };
  return place >= 20 && any.status === 'valid' ? { operator: 'improve', parent: any } : { operator: 'draft' };
}

function nodeBelow({ operator, parent }, place, value) {
  const id = `n${place + 1}`;
  const failed = { status: 'failed', failure: 'exception', milestones: 2 };
  return {
    ...{ id, ordinal: place, operator, parent: parent?.id ?? 'root', branch: parent?.branch ?? id },
    ...{ depth: 1 + (parent?.depth ?? 0), debugDepth: operator === 'debug' ? 1 : 0 },
    ...{ family: `f${place % 5}`, fingerprint: id },
    ...(operator === 'improve' ? { variant: ['tune', 'features', 'strategy'][place % 3] } : {}),
    ...(place % 10 === 9 ? failed : { status: 'valid', score: scoreOf(value), versus: {} }),
    cost: { ...NO_COST, seconds: 60, executions: 1 },
  };
}

function scoreOf(value) {
  return { value, standardError: 0.01, rows: 500, direction: 'maximise', source: 'hidden' };
}

function quantiles(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { p50: at(0.5), p95: at(0.95) };
}

/** Milliseconds of a fixed amount of the same kind of work: hashing, a Map of objects, a sort; the least of seven. */
function calibrate() {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 7; round += 1) {
    const began = process.cpuUsage();
    const map = new Map();
    for (let place = 0; place < 10_000; place += 1) map.set(`n${place}`, { key: draw([round, 1], place), place });
    [...map.values()].sort((a, b) => a.key - b.key);
    least = Math.min(least, since(began));
  }
  return least;
}

/** Processor time of the whole process, its collector of garbage included, milliseconds. */
function since(began) {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

function print(rows) {
  const head = ['policy', 'nodes', 'decide p50', 'p95', 'apply p50', 'p95', 'decide+apply p50', 'p95', 'p95 / unit'];
  const ms = (value) => value.toFixed(3);
  const cells = rows.map(({ policy, nodes, decide, apply, pair }) => [
    ...[
      policy,
      String(nodes),
      ms(decide.p50),
      ms(decide.p95),
      ms(apply.p50),
      ms(apply.p95),
      ms(pair.p50),
      ms(pair.p95),
    ],
    (pair.p95 / unitMs).toFixed(2),
  ]);
  console.log(`Milliseconds. One unit is ${ms(unitMs)} ms here: 10,000 hashes, Map entries and a sort.\n`);
  const line = (row) => `| ${row.join(' | ')} |`;
  console.log(
    [line(head), line(head.map((_, place) => (place === 0 ? '---' : '---:'))), ...cells.map(line)].join('\n'),
  );
}
