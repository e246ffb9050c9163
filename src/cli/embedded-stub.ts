/** The stub model of the embedded stack: one detached process on loopback that outlives the command that started it, as the worker does. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../domain/errors.js';
import { isSameProcess, startTimeOf } from '../stack/process-identity.js';
import type { Places } from './places.js';

const READY_MS = 30_000;
/** Fast enough to watch, slow enough to see that somebody is asked. */
const MANNER = ['--latency', '0.3s,1.5s'];

const StubState = z.object({ pid: z.number(), startTime: z.string(), port: z.number(), options: z.array(z.string()) });
type StubState = z.infer<typeof StubState>;

/** Its base URL. One stub at a time: another manner than that of the running one replaces it. */
export async function ensureStub(places: Places, options: readonly string[]): Promise<string> {
  const known = stateOf(places);
  const running = known && (await isSameProcess(known.pid, known.startTime)) ? known : undefined;
  if (running && running.options.join(' ') === options.join(' ')) return urlOf(running);
  if (running) await stopStub(places);
  return urlOf(await begin(places, options, 0));
}

/** Starts the stub again on its old port when it has died, so that runs find it; does nothing where there never was one. */
export async function reviveStub(places: Places): Promise<void> {
  const known = stateOf(places);
  if (known === undefined || (await isSameProcess(known.pid, known.startTime))) return;
  await begin(places, known.options, known.port);
}

export async function stopStub(places: Places): Promise<boolean> {
  const known = stateOf(places);
  rmSync(statePath(places), { force: true });
  if (known === undefined || !(await isSameProcess(known.pid, known.startTime))) return false;
  process.kill(known.pid, 'SIGTERM');
  return true;
}

async function begin(places: Places, options: readonly string[], port: number): Promise<StubState> {
  const logs = join(places.cache, 'logs');
  await mkdir(logs, { recursive: true });
  const log = join(logs, 'stub-model.log');
  rmSync(readyPath(places), { force: true });
  const output = openSync(log, 'a');
  const own = ['--port', String(port), '--ready-file', readyPath(places), '--ledger', join(logs, 'stub-model.jsonl')];
  const { OPENAI_API_KEY: _key, ...environment } = process.env;
  const child = spawn(
    process.execPath,
    [join(places.package, 'bin', 'automlgen.mjs'), 'stub-model', ...MANNER, ...options, ...own],
    { detached: true, stdio: ['ignore', output, output], env: environment },
  );
  closeSync(output);
  child.unref();
  const { pid } = child;
  if (pid === undefined) throw new Error(`The stub could not be started; see ${log}.`);
  const startTime = (await startTimeOf(pid)) ?? '';
  const state = { pid, startTime, port: await portWhenReady(places, { pid, startTime, log }), options: [...options] };
  await writeFile(statePath(places), JSON.stringify(state));
  return state;
}

interface Starting {
  readonly pid: number;
  readonly startTime: string;
  readonly log: string;
}

async function portWhenReady(places: Places, { pid, startTime, log }: Starting): Promise<number> {
  for (let waited = 0; waited < READY_MS; waited += 50) {
    const url = readIfThere(readyPath(places));
    if (url !== '') return Number(new URL(url).port);
    if (!(await isSameProcess(pid, startTime))) break;
    await sleep(50);
  }
  const said = readIfThere(log).trimEnd().split('\n').slice(-4).join('\n  ');
  throw new UserError('worker-failed', `The stub model did not start:\n  ${said}`, `See ${log}, then try again.`);
}

function stateOf(places: Places): StubState | undefined {
  try {
    return StubState.parse(JSON.parse(readFileSync(statePath(places), 'utf8')));
  } catch {
    return undefined;
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const urlOf = ({ port }: StubState): string => `http://127.0.0.1:${port}/v1`;
const statePath = (places: Places): string => join(places.cache, 'stub-model.json');
const readyPath = (places: Places): string => join(places.cache, 'stub-model-ready');
