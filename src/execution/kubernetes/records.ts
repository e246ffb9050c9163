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
  /** Written once; a repeated request changes nothing. Returns what stands. */
  begin(job: JobName, spec: ExecutionSpec): Promise<ExecutionSpec>;
  spec(job: JobName): Promise<ExecutionSpec | undefined>;
  /** This is the Job that was made, or adopted; the first one stands. When it is not there any more, somebody has removed it. */
  created(job: JobName, uid: string): Promise<void>;
  uid(job: JobName): Promise<string | undefined>;
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

/** Not what it should be, and never will be: records appear whole. */
const UNUSABLE = Symbol('unusable');
const MOST_UNUSABLE = 20;

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
    begin: (job, spec) => firstOf(path(job, 'spec.json'), ExecutionSpec, ExecutionSpec.parse(spec)),
    spec: (job) => read(path(job, 'spec.json'), ExecutionSpec),
    created: (job, uid) => firstOf(path(job, 'created.json'), Created, { uid }).then(() => undefined),
    uid: async (job) => (await read(path(job, 'created.json'), Created))?.uid,
    cancel: (job, reason) => firstOf(path(job, 'cancel.json'), Cancelled, { reason }).then(() => undefined),
    cancelled: async (job) => (await read(path(job, 'cancel.json'), Cancelled))?.reason,
    report: (job) => read(path(job, 'report.json'), Report),
    end: (job, given) => firstOf(path(job, 'outcome.json'), Outcome, Outcome.safeParse(given).data ?? UNREADABLE),
    outcome: (job) => read(path(job, 'outcome.json'), Outcome),
    output: (job, view, name) => path(job, 'outputs', view, name),
    reportPath: (job) => path(job, 'report.json'),
    async jobs() {
      const names = await readdir(root).catch(() => []);
      return names.flatMap((name) => JobName.safeParse(name).data ?? []);
    },
    async remove(job) {
      // Out of sight in one step: half of it would tell another process of a request without an end.
      const aside = join(root, `.${job}.${randomBytes(6).toString('hex')}`);
      const there = await rename(path(job), aside).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return false;
          throw error;
        },
      );
      if (there) await rm(aside, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Undefined when it is not there. */
async function read<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  for (const one of places(path)) {
    const value = await parsed(one, schema);
    if (value !== UNUSABLE) return value;
  }
  return undefined;
}

/** What stands at `path`: `value`, unless something that can be read was there before. */
async function firstOf<T>(path: string, schema: z.ZodType<T>, value: T): Promise<T> {
  for (const one of places(path)) {
    if (await writeOnce(one, value)) return value;
    const first = await parsed(one, schema);
    // Gone in this very moment: the execution is forgotten, and this is the last that is heard of it.
    if (first === undefined) return value;
    if (first !== UNUSABLE) return first;
  }
  throw new Error(`${path} and ${MOST_UNUSABLE} more cannot be read.`);
}

/**
 * What a full disk cut off stays where it is, for whoever wants to know, and the next place counts. So replicas that meet it at the
 * same moment agree; moving it away, one of them could move the whole one of another.
 */
function* places(path: string): Generator<string> {
  yield path;
  for (let turn = 2; turn <= MOST_UNUSABLE; turn += 1) yield path.replace(/\.json$/, `.${turn}.json`);
}

async function parsed<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined | typeof UNUSABLE> {
  try {
    return schema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data ?? UNUSABLE;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (error instanceof SyntaxError || code === 'EISDIR') return UNUSABLE;
    throw error;
  }
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
