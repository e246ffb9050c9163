/** Makes sure that exactly one supervisor owns an execution, and that it has begun or ended. */
import { access, mkdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionSpec } from '../../domain/execution-spec.js';
import type { BlobAccess, ExecutionProgress } from '../port.js';
import { readJson, writeWhole } from './files.js';
import type { ExecutionFolders } from './folders.js';
import { ProcessIdentity } from './process-alive.js';
import { Progress } from './status.js';
import { livingSupervisor, OWNED_BY_ANOTHER, startSupervisor } from './supervisor.js';

const POLL_MS = 20;
const REPORT_EVERY_MS = 1000;

export interface Place {
  readonly python: string;
  readonly runtimeFolder: string;
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Writes the request and the program once; a repeated request finds them and changes nothing. */
export async function writeRequest(
  folders: ExecutionFolders,
  spec: ExecutionSpec,
  blobs: Pick<BlobAccess, 'read'>,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (await exists(folders.request)) return;
  const program = await blobs.read(spec.program);
  // Another user may pass through to the work folder, never into control.
  await mkdir(folders.top, { recursive: true });
  await mkdir(folders.control, { recursive: true, mode: 0o700 });
  await writeWhole(folders.program, program);
  await writeWhole(folders.request, JSON.stringify({ ...spec, ...settings }));
}

/** Returns when a living supervisor owns the execution or its status is there. True when it was not this call that started it. */
export async function ensureOwned(place: Place, folders: ExecutionFolders): Promise<boolean> {
  if ((await exists(folders.status)) || (await livingSupervisor(folders))) return true;
  const { pid, ended } = await startSupervisor(place.python, place.runtimeFolder, folders);
  let code: number | null | undefined;
  let failure: unknown;
  ended.then(
    (value) => {
      code = value;
    },
    (error: unknown) => {
      failure = error;
    },
  );
  for (;;) {
    if (failure !== undefined) throw failure;
    if (code === OWNED_BY_ANOTHER) return true;
    const owner = await readJson(folders.pid, ProcessIdentity);
    if (owner?.pid === pid) return false;
    if (await exists(folders.status)) return true;
    if (code !== undefined) throw new Error(await whyItFailed(folders, code));
    await sleep(POLL_MS);
  }
}

async function whyItFailed(folders: ExecutionFolders, code: number | null): Promise<string> {
  const log = await readFile(folders.log, 'utf8').catch(() => '');
  return `The supervisor ended with ${code === null ? 'a signal' : `exit code ${code}`}: ${log.trim().slice(-500)}`;
}

export interface WaitOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ExecutionProgress) => void;
}

/** Waits until the execution has left the queue. An abort leaves it there: it belongs to the executor until it is cancelled. */
export async function untilBegun(
  place: Place,
  folders: ExecutionFolders,
  { signal, onProgress }: WaitOptions = {},
): Promise<void> {
  let reported = 0;
  for (let turn = 1; ; turn += 1) {
    signal?.throwIfAborted();
    const progress = await readJson(folders.progress, Progress);
    if (progress?.phase === 'running' || (await exists(folders.status))) return;
    if (progress && Date.now() - reported >= REPORT_EVERY_MS) {
      reported = Date.now();
      onProgress?.({ phase: 'queued', seconds: Math.max(0, reported / 1000 - progress.since) });
    }
    if (turn % 50 === 0) await ensureOwned(place, folders);
    await sleep(POLL_MS, undefined, { ...(signal && { signal }) });
  }
}
