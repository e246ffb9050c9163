/** What an author reads of a task's files. A file that is not there is no text; where a run is prepared, one that cannot be read is a fault, never a silent title. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProposalRequest } from '../authors/port.js';
import { BlobId } from '../domain/ids.js';
import type { PreparedTask } from '../domain/split.js';
import type { TaskSource } from '../domain/task.js';
import type { Blobs } from '../store/blobs.js';
import type { RunRecord } from '../store/runs.js';
import { inputFiles } from './input-files.js';

const CHARACTERS = 20_000;

/** The description where the task lies, cut to what is told of it; nothing when there is none. */
export async function readDescription({ folder, task }: TaskSource): Promise<string | undefined> {
  const text = await unlessMissing(readFile(join(folder, task.description ?? 'description.md'), 'utf8'));
  return text?.slice(0, CHARACTERS);
}

/** As it was when the run was prepared: the machine of an author need not have the task's folder. Without one, the task's title. */
export async function descriptionOf(
  blobs: Pick<Blobs, 'readText'>,
  { source, prepared, description }: Pick<RunRecord, 'source' | 'prepared' | 'description'>,
): Promise<string> {
  // Runs that were prepared before kept none.
  const text =
    description === undefined
      ? await readIfAny(readDescription(source))
      : await blobs.readText(BlobId.parse(description));
  return text ?? prepared?.card.title ?? source.task.id;
}

/** The view that programs run first, when this machine has it. */
export async function inputsOf({ views }: Pick<PreparedTask, 'views'>): Promise<Pick<ProposalRequest, 'inputs'>> {
  const folder = views.main ?? views.fold1;
  const inputs = folder === undefined ? undefined : await readIfAny(inputFiles(folder));
  return inputs === undefined ? {} : { inputs };
}

function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  return unless(reading, ['ENOENT']);
}

/** What the machine of an author may have no way to, and a program can be written without. */
function readIfAny<T>(reading: Promise<T>): Promise<T | undefined> {
  return unless(reading, ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM']);
}

async function unless<T>(reading: Promise<T>, codes: readonly string[]): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (codes.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
