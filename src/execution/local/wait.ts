/** Waits for the end of an execution from any process, and brings its files into the blob store. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ExecutionSpec } from '../../domain/execution-spec.js';
import type { Outcome, OutputFile } from '../../domain/outcome.js';
import type { BlobAccess } from '../port.js';
import { readJson } from './files.js';
import type { ExecutionFolders } from './folders.js';
import { outcomeOf } from './outcome.js';
import { Progress, Status } from './status.js';
import { ensureOwned, exists, type Place, type WaitOptions } from './submit.js';
import { livingSupervisor } from './supervisor.js';

/** Mean delay between the end of a program and our seeing it: half of this. */
const POLL_MS = 40;
const CHECK_OWNER_EVERY_MS = 500;
const REPORT_EVERY_MS = 1000;

/** A supervisor that has died is replaced by one that records the loss, so this always ends. */
export async function untilEnded(
  place: Place,
  folders: ExecutionFolders,
  { signal, onProgress }: WaitOptions = {},
): Promise<Status> {
  if (!(await exists(folders.request))) throw new Error(`No execution is recorded in ${folders.top}.`);
  let checked = 0;
  let reported = Date.now();
  for (;;) {
    signal?.throwIfAborted();
    const status = await readJson(folders.status, Status);
    if (status) return status;
    const now = Date.now();
    if (now - checked >= CHECK_OWNER_EVERY_MS) {
      checked = now;
      if (!(await livingSupervisor(folders))) await ensureOwned(place, folders);
    }
    if (onProgress && now - reported >= REPORT_EVERY_MS) {
      reported = now;
      await report(folders, onProgress);
    }
    await sleep(POLL_MS, undefined, { ...(signal && { signal }) });
  }
}

async function report(folders: ExecutionFolders, onProgress: NonNullable<WaitOptions['onProgress']>): Promise<void> {
  const progress = await readJson(folders.progress, Progress);
  if (!progress) return;
  const { phase, view, since } = progress;
  onProgress({ phase, seconds: Math.max(0, Date.now() / 1000 - since), ...(view !== undefined && { view }) });
}

/** Saving a file twice gives the same blob, so any number of callers may do this. */
export async function outcomeFrom(folders: ExecutionFolders, status: Status, blobs: BlobAccess): Promise<Outcome> {
  const spec = await readJson(folders.request, ExecutionSpec);
  if (!spec) throw new Error(`The request of ${folders.top} has gone.`);
  const files: OutputFile[] = [];
  for (const view of status.views)
    for (const output of view.outputs) {
      if (output.bytes === undefined) continue;
      const { id, bytes } = await blobs.saveFile(folders.output(view.name, output.name));
      files.push({ view: view.name, name: output.name, blob: id, bytes });
    }
  return outcomeOf(status, spec, files);
}
