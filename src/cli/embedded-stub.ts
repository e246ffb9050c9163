/** The stub model of the embedded stack: one detached process on loopback that outlives the command that started it, as the worker does. */
import { readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isSameProcess } from '../stack/process-identity.js';
import { oneAtATime, readIfThere, startDetached, whenReady } from './embedded-process.js';
import type { Places } from './places.js';

const READY_MS = 30_000;
const LOCK = 'stub-model.lock';
/** Fast enough to watch, slow enough to see that somebody is asked. */
const MANNER = ['--latency', '0.3s,1.5s'];

const StubState = z.object({ pid: z.number(), startTime: z.string(), port: z.number(), options: z.array(z.string()) });
type StubState = z.infer<typeof StubState>;

/** Its base URL. One stub at a time: another manner than that of the running one replaces it. */
export async function ensureStub(places: Places, options: readonly string[]): Promise<string> {
  return oneAtATime(places, LOCK, async () => {
    const known = stateOf(places);
    const running = known && (await isSameProcess(known.pid, known.startTime)) ? known : undefined;
    if (running && running.options.join(' ') === options.join(' ')) return urlOf(running);
    if (running) await end(places);
    return urlOf(await begin(places, options, 0));
  });
}

/** Starts the stub again on its old port when it has died, so that runs find it; does nothing where there never was one. */
export async function reviveStub(places: Places): Promise<void> {
  if ((await deadStub(places)) === undefined) return;
  await oneAtATime(places, LOCK, async () => {
    const dead = await deadStub(places);
    if (dead) await begin(places, dead.options, dead.port);
  });
}

async function deadStub(places: Places): Promise<StubState | undefined> {
  const known = stateOf(places);
  return known && (await isSameProcess(known.pid, known.startTime)) ? undefined : known;
}

export async function stopStub(places: Places): Promise<boolean> {
  return oneAtATime(places, LOCK, () => end(places));
}

async function end(places: Places): Promise<boolean> {
  const known = stateOf(places);
  rmSync(statePath(places), { force: true });
  if (known === undefined || !(await isSameProcess(known.pid, known.startTime))) return false;
  process.kill(known.pid, 'SIGTERM');
  return true;
}

async function begin(places: Places, options: readonly string[], port: number): Promise<StubState> {
  const logs = join(places.cache, 'logs');
  rmSync(readyPath(places), { force: true });
  const own = ['--port', String(port), '--ready-file', readyPath(places), '--ledger', join(logs, 'stub-model.jsonl')];
  const { OPENAI_API_KEY: _key, ...environment } = process.env;
  const command = [join(places.package, 'bin', 'automlgen.mjs'), 'stub-model', ...MANNER, ...options, ...own];
  const started = await startDetached(command, join(logs, 'stub-model.log'), environment);
  const url = await whenReady('The stub model', started, READY_MS, () => readIfThere(readyPath(places)) || undefined);
  const { pid, startTime } = started;
  const state = { pid, startTime, port: Number(new URL(url).port), options: [...options] };
  await writeFile(statePath(places), JSON.stringify(state));
  return state;
}

function stateOf(places: Places): StubState | undefined {
  try {
    return StubState.parse(JSON.parse(readFileSync(statePath(places), 'utf8')));
  } catch {
    return undefined;
  }
}

const urlOf = ({ port }: StubState): string => `http://127.0.0.1:${port}/v1`;
const statePath = (places: Places): string => join(places.cache, 'stub-model.json');
const readyPath = (places: Places): string => join(places.cache, 'stub-model-ready');
