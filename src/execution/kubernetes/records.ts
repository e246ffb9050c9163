/** What the worker keeps of an execution: the request, what the pod delivered, and how it ended. Replicas share the folder. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ExecutionSpec } from '../../domain/execution-spec.js';
import { Outcome } from '../../domain/outcome.js';
import { JobName } from './parts.js';
import { Report } from './report.js';

const Cancelled = z.object({ reason: z.string() });
const Created = z.object({ uid: z.string() });

export interface Records {
  /** Written once; a repeated request changes nothing. */
  begin(job: JobName, spec: ExecutionSpec): Promise<void>;
  spec(job: JobName): Promise<ExecutionSpec | undefined>;
  /** The Job was made; when it is not there any more, somebody has removed it. */
  created(job: JobName, uid: string): Promise<void>;
  wasCreated(job: JobName): Promise<boolean>;
  cancel(job: JobName, reason: string): Promise<void>;
  cancelled(job: JobName): Promise<string | undefined>;
  report(job: JobName): Promise<Report | undefined>;
  /** The first outcome stands, whoever asks. One that could not be read again is kept as lost results. */
  end(job: JobName, outcome: Outcome): Promise<Outcome>;
  outcome(job: JobName): Promise<Outcome | undefined>;
  output(job: JobName, view: string, name: string): string;
  reportPath(job: JobName): string;
  jobs(): Promise<readonly JobName[]>;
  remove(job: JobName): Promise<void>;
}

const UNREADABLE: Outcome = {
  kind: 'infrastructure',
  cause: 'results-lost',
  message: 'The report of the execution makes no sense.',
  seconds: 0,
  cpuSeconds: 0,
  gpuSeconds: 0,
  peakMemoryMiB: 0,
  milestones: 0,
  viewSeconds: {},
  stdoutTail: '',
  stderrHead: '',
  stderrTail: '',
  files: [],
};

export function openRecords(root: string): Records {
  const path = (job: JobName, ...names: string[]): string => join(root, job, ...names);
  return {
    async begin(job, spec) {
      await writeOnce(path(job, 'spec.json'), spec);
    },
    spec: (job) => read(path(job, 'spec.json'), ExecutionSpec),
    created: (job, uid) => writeOnce(path(job, 'created.json'), { uid }).then(() => undefined),
    wasCreated: async (job) => (await read(path(job, 'created.json'), Created)) !== undefined,
    cancel: (job, reason) => writeOnce(path(job, 'cancel.json'), { reason }).then(() => undefined),
    cancelled: async (job) => (await read(path(job, 'cancel.json'), Cancelled))?.reason,
    report: (job) => read(path(job, 'report.json'), Report),
    async end(job, given) {
      const outcome = Outcome.safeParse(given).data ?? UNREADABLE;
      if (await writeOnce(path(job, 'outcome.json'), outcome)) return outcome;
      return (await read(path(job, 'outcome.json'), Outcome)) ?? outcome;
    },
    outcome: (job) => read(path(job, 'outcome.json'), Outcome),
    output: (job, view, name) => path(job, 'outputs', view, name),
    reportPath: (job) => path(job, 'report.json'),
    async jobs() {
      const names = await readdir(root).catch(() => []);
      return names.flatMap((name) => JobName.safeParse(name).data ?? []);
    },
    remove: (job) => rm(path(job), { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Undefined when it is not there, or not what it should be. */
async function read<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  return schema.parse(JSON.parse(text));
}

/** False when it was there before: then it is left as it is. */
async function writeOnce(path: string, value: unknown): Promise<boolean> {
  const temporary = await writeBeside(path, JSON.stringify(value));
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(temporary);
  }
}

/** Replaces in one step. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await rename(await writeBeside(path, text), path);
}

async function writeBeside(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Replicas in containers of their own often have the same process id.
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(temporary, text, { flush: true, mode: 0o600 });
  return temporary;
}
