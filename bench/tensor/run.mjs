// Policies on landscapes of real programs, each of which was run once.
//
//   npm run bench:tensor -- record [--python path] [--cache folder] [--landscapes a,b] [--workers 1] [--minutes 70]
//   npm run bench:tensor -- replay [--seeds 40] [--nodes 120] [--policy mcgs,greedy] [--landscapes a,b] [--print]
//   npm run bench:tensor -- table
//
// `record` runs the programs (about 25 CPU minutes in all; it can be stopped and goes on where it was) and packs what is whole
// into bench/tensor/data. `replay` plays every policy on the packed landscapes and writes bench/tensor/results.json, `table`
// makes the tables of docs/policies.md from it. Equal data and seeds give equal results. With other options than the
// defaults, or with `--print`, nothing is written.

import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string', default: process.env.AUTOMLGEN_PYTHON ?? 'python3' },
    cache: {
      type: 'string',
      default: join(process.env.AUTOMLGEN_CACHE ?? join(homedir(), '.cache/automlgen'), 'bench-tensor'),
    },
    landscapes: { type: 'string' },
    workers: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '70' },
    seeds: { type: 'string', default: '40' },
    nodes: { type: 'string', default: '120' },
    policy: { type: 'string' },
    print: { type: 'boolean', default: false },
  },
});
if (!process.env.AUTOMLGEN_DIST) {
  const { bringUpToDate } = await import('../../bin/up-to-date.mjs');
  if (!(await bringUpToDate(root))) process.exit(1);
}
const { LANDSCAPES } = await import('./grammar.mjs');
const landscapes = options.landscapes?.split(',') ?? Object.keys(LANDSCAPES);

const COMMANDS = { record, replay, table };
const command = COMMANDS[positionals[0]];
if (!command) throw new Error(`Say one of ${Object.keys(COMMANDS).join(', ')}.`);
await command();

async function record() {
  const asked = ['--cache', options.cache, '--workers', options.workers, '--minutes', options.minutes];
  await python(['-m', 'tensor.record', ...asked, '--landscapes', ...landscapes]);
  const { isWhole, pack } = await import('./pack.mjs');
  for (const name of landscapes) {
    if (isWhole(name, options.cache)) console.log(pack(name, options.cache));
    else console.log(`${name}: not whole yet; the same command goes on`);
  }
}

function python(args) {
  const env = { ...process.env, PYTHONPATH: `${root}python:${root}bench`, PYTHONDONTWRITEBYTECODE: '1' };
  return new Promise((done, fail) => {
    const child = spawn(options.python, args, { cwd: root, env, stdio: 'inherit' });
    child.on('error', fail);
    child.on('exit', (code) => (code === 0 ? done() : fail(new Error(`The recording ended with ${code}.`))));
  });
}

async function replay() {
  const { replayAll } = await import('./replay.mjs');
  const { writeResults } = await import('./results.mjs');
  const { tablesOf } = await import('./tables.mjs');
  const [seeds, nodes] = [Number(options.seeds), Number(options.nodes)];
  const results = await replayAll({ landscapes, seeds, nodes, names: options.policy?.split(',') });
  for (const text of Object.values(await tablesOf(results))) console.log(`\n${text}`);
  const partly =
    options.print || options.policy || options.landscapes || options.seeds !== '40' || options.nodes !== '120';
  if (!partly) writeResults(results);
}

async function table() {
  const { readResults } = await import('./results.mjs');
  const { writeTables } = await import('./tables.mjs');
  await writeTables(root, readResults());
}
