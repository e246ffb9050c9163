/** How strongly this machine confines a program: found by running one that tries to break out. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { UserError } from '../../domain/errors.js';
import type { SandboxLevel } from '../port.js';
import { entryCommand } from './supervisor.js';

const run = promisify(execFile);
const TIMEOUT_MS = 60_000;

const ProbeReport = z.object({
  level: z.enum(['full', 'process+uid', 'process']),
  network: z.enum(['blocked', 'open']),
  memory: z.enum(['cgroup', 'polled']),
  processes: z.enum(['cgroup', 'rlimit', 'polled']),
  /** By level that was tried: what a program could do there. */
  attempts: z.record(z.string(), z.record(z.string(), z.boolean())),
  notes: z.array(z.string()),
});
export type ProbeReport = z.infer<typeof ProbeReport>;

export interface ProbeOptions {
  /** Interpreter that runs the programs. */
  readonly python: string;
  readonly bwrap?: string;
  /** Folder that holds the Python package `automlgen_runtime`. */
  readonly runtimeFolder: string;
  /** Where executions will live; absent: the system's temporary folder. What other users may enter there decides the fallback. */
  readonly root?: string;
}

/** Takes about half a second. Throws UserError `python-missing` when the interpreter cannot run the probe. */
export async function probeSandbox(options: ProbeOptions): Promise<ProbeReport> {
  const folder = options.root ?? (await mkdtemp(join(tmpdir(), 'automlgen-probe-')));
  await mkdir(folder, { recursive: true });
  const request = JSON.stringify({ bwrap: options.bwrap ?? null, python: options.python, folder });
  try {
    const { stdout } = await run(options.python, [...entryCommand(options.runtimeFolder, 'probe', request)], {
      timeout: TIMEOUT_MS,
    });
    return ProbeReport.parse(JSON.parse(stdout));
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 500) : String(error);
    throw new UserError(
      'python-missing',
      `The sandbox could not be tried with ${options.python}: ${why}`,
      'Name a Python of version 3.11 or later.',
      { cause: error },
    );
  } finally {
    if (options.root === undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** What a level means for the scores, in one sentence; nothing to say for the strongest. */
export function levelNote(level: SandboxLevel): readonly string[] {
  switch (level) {
    case 'full':
    case 'pod':
      return [];
    case 'process+uid':
      return ['Programs run as another user without a sandbox: answers are unreadable, but the network is open.'];
    case 'process':
      return ['Programs run without a sandbox and could read the answers: scores are not protected.'];
  }
}
