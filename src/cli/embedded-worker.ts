/** The worker of the embedded stack: one detached process that outlives the command that started it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../domain/errors.js';
import type { StackConnections } from '../stack/connections.js';
import { isSameProcess } from '../stack/process-identity.js';
import { oneAtATime, readIfThere, startDetached, whenReady } from './embedded-process.js';
import type { Places } from './places.js';

/** A build and the embedded servers may have to come up first. */
const READY_MS = 120_000;
const LOCK = 'worker.lock';

const WorkerState = z.object({
  pid: z.number(),
  startTime: z.string(),
  code: z.string(),
  servers: z.string(),
  /** Which key for a model it has, as a hash. */
  access: z.string().optional(),
});
type WorkerState = z.infer<typeof WorkerState>;

export interface EmbeddedWorker {
  readonly pid: number;
  readonly log: string;
  readonly started: boolean;
}

/**
 * Re-uses the worker that runs this very code against these servers; replaces one that does not. Of several commands at once, one starts it.
 * @throws UserError `worker-failed` with the worker's last words when it ends before it works, or takes longer than two minutes.
 */
export async function ensureWorker(places: Places, connections: StackConnections): Promise<EmbeddedWorker> {
  const wanted = wantedWorker(places, connections);
  const known = await fittingWorker(places, wanted);
  return known ?? oneAtATime(places, LOCK, () => replaceWorker(places, wanted));
}

type WantedWorker = Omit<WorkerState, 'pid' | 'startTime'>;

function wantedWorker(places: Places, connections: StackConnections): WantedWorker {
  return {
    code: codeHash(places),
    servers: JSON.stringify([connections.temporalAddress, connections.mongodbUri, ...executionSettings()]),
    ...accessOf(process.env),
  };
}

async function fittingWorker(places: Places, wanted: WantedWorker): Promise<EmbeddedWorker | undefined> {
  const running = await runningWorker(places);
  if (!running || !fits(running, wanted) || !isReady(places, running.pid)) return undefined;
  return { pid: running.pid, log: logPath(places), started: false };
}

function fits(running: WorkerState, wanted: WantedWorker): boolean {
  const sameAccess = wanted.access === undefined || running.access === wanted.access;
  return running.code === wanted.code && running.servers === wanted.servers && sameAccess;
}

function isReady(places: Places, pid: number): boolean {
  return readIfThere(readyPath(places)) === String(pid);
}

/** Another command may have started it while this one waited for the lock. */
async function replaceWorker(places: Places, wanted: WantedWorker): Promise<EmbeddedWorker> {
  const running = await runningWorker(places);
  if (running && fits(running, wanted)) {
    const { pid, startTime } = running;
    const log = logPath(places);
    await whenReady('The worker', { pid, startTime, log }, READY_MS, () => isReady(places, pid) || undefined);
    return { pid, log, started: false };
  }
  await endWorker(places);
  rmSync(readyPath(places), { force: true });
  const options = [join(places.package, 'bin', 'automlgen.mjs'), 'worker'];
  const started = await startDetached(options, logPath(places), { ...process.env, AUTOMLGEN_CACHE: places.cache });
  const { pid, startTime, log } = started;
  await writeFile(statePath(places), JSON.stringify({ pid, startTime, ...wanted } satisfies WorkerState));
  await whenReady('The worker', started, READY_MS, () => isReady(places, pid) || undefined);
  return { pid, log, started: true };
}

/** False where the environment says that workers run elsewhere. @throws UserError `option-invalid`. */
export function startsWorker(environment: NodeJS.ProcessEnv = process.env): boolean {
  const setting = environment.AUTOMLGEN_WORKER || 'embedded';
  if (setting === 'embedded' || setting === 'none') return setting === 'embedded';
  throw new UserError('option-invalid', `AUTOMLGEN_WORKER ${setting} is not known.`, 'Choose embedded or none.');
}

/** A worker keeps the key it was started with. A command that has another one replaces it; one that has none does not. */
function accessOf({ OPENAI_API_KEY: key, OPENAI_BASE_URL: server }: NodeJS.ProcessEnv): { readonly access?: string } {
  if (key === undefined || key.trim() === '') return {};
  return {
    access: createHash('sha256')
      .update(JSON.stringify(['automlgen', key, server]))
      .digest('hex')
      .slice(0, 12),
  };
}

/** Where programs run: a worker that was started for another place is replaced. */
function executionSettings(): readonly string[] {
  const names = ['AUTOMLGEN_EXECUTOR', 'AUTOMLGEN_KUBERNETES', 'AUTOMLGEN_EXECUTION_CLASS', 'KUBECONFIG'];
  return process.env.AUTOMLGEN_EXECUTOR === 'kubernetes' ? names.map((name) => process.env[name] ?? '') : [];
}

/** Called by the worker itself when it polls. */
export async function markReady(places: Places): Promise<void> {
  await writeFile(readyPath(places), String(process.pid));
}

function readyPath(places: Places): string {
  return join(places.cache, 'worker-ready');
}

/** SIGTERM hands its activities over; programs that are running go on and are adopted by the next worker. */
export async function stopWorker(places: Places): Promise<boolean> {
  return oneAtATime(places, LOCK, () => endWorker(places));
}

async function endWorker(places: Places): Promise<boolean> {
  const running = await runningWorker(places);
  rmSync(statePath(places), { force: true });
  if (!running) return false;
  process.kill(running.pid, 'SIGTERM');
  for (let waited = 0; waited < 15_000 && (await isSameProcess(running.pid, running.startTime)); waited += 100)
    await sleep(100);
  if (await isSameProcess(running.pid, running.startTime)) process.kill(running.pid, 'SIGKILL');
  return true;
}

/** The embedded worker, if its process is alive. */
export async function runningWorker(places: Places): Promise<WorkerState | undefined> {
  try {
    const state = WorkerState.parse(JSON.parse(readFileSync(statePath(places), 'utf8')));
    return (await isSameProcess(state.pid, state.startTime)) ? state : undefined;
  } catch {
    return undefined;
  }
}

function statePath(places: Places): string {
  return join(places.cache, 'worker.json');
}

function logPath(places: Places): string {
  return join(places.cache, 'logs', 'worker.log');
}

/** Place and content of the compiled code and of the interpreted files it loads: a worker that runs other code than this is replaced. */
function codeHash(places: Places): string {
  const hash = createHash('sha256')
    .update(places.package)
    .update(readFileSync(join(places.package, 'dist', 'build.json')));
  for (const folder of ['python/automlgen_runtime', 'src/authors/composer/templates', 'src/knowledge/entries']) {
    const files = readdirSync(join(places.package, folder), { recursive: true, withFileTypes: true });
    const paths = files
      .filter((file) => file.isFile() && /\.(py|md|tpl)$/.test(file.name))
      .map((file) => join(file.parentPath, file.name));
    for (const path of paths.sort()) hash.update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 16);
}
