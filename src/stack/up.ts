/** `up`: looks for every piece, gets what is missing, starts what does not run, and says where everything is. */

import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../domain/errors.js';
import { findBasePython } from './base-python.js';
import { type CacheFolder, cacheFolder, prepareCache } from './cache-folder.js';
import { PIECE_NAMES, type PieceName, type StackConnections } from './connections.js';
import type { StackContext } from './context.js';
import { type Installer, openInstaller } from './installer.js';
import type { GetInstaller, Program, ToolPiece } from './piece.js';
import { developmentPythonPiece } from './pieces/python.js';
import type { Report } from './progress.js';
import { ensureServer, type RunningServer } from './server.js';
import { withLock } from './stack-lock.js';
import { TABLE } from './table.js';
import { exists, toolFolder } from './tool-folder.js';

export interface UpOptions {
  /** Default: all. */
  readonly pieces?: readonly PieceName[];
  readonly onProgress?: Report;
  /** Default: `process.env`. */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Idempotent and safe to call from several processes at once. Servers are processes of their own that go on after the caller ends.
 * Throws a UserError of one of the codes `cache-unwritable`, `disk-full`, `download-failed`, `download-corrupt`, `python-missing`,
 * `stack-piece-missing`, `port-taken`, `server-failed`, `server-unreachable`, `search-attribute-mismatch`; what had been started
 * before the failure goes on running and is re-used by the next call.
 */
export async function up(options: UpOptions = {}): Promise<StackConnections> {
  const notes: string[] = [];
  return withContext(options, notes, async (context) => {
    const installer = installOnce(context);
    const wanted = new Set(options.pieces ?? PIECE_NAMES);
    const results = await Promise.allSettled(
      PIECE_NAMES.filter((name) => wanted.has(name)).map((name) => ensurePiece(name, context, installer)),
    );
    // Only after all have ended: a failing piece must not leave the others at work without the lock.
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    return connections(
      results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
      notes,
    );
  });
}

/** The interpreter for this project's own Python tests: the packages of the candidates, pytest and ruff. */
export async function developmentPython(options: Omit<UpOptions, 'pieces'> = {}): Promise<string> {
  const piece = developmentPythonPiece;
  return withContext(
    options,
    [],
    async (context) => (await ensureTool(piece, context, installOnce(context)))?.path ?? '',
  );
}

/** A folder of packages that some practice competitions take data files from; nothing in it is imported. */
export async function practicePackages(options: Omit<UpOptions, 'pieces'> = {}): Promise<string> {
  return withContext(options, [], async (context) => {
    const folder = toolFolder(context.cache, 'practice');
    if (await exists(folder)) return folder;
    const message = `data of some practice competitions (3 packages, 32 MB to fetch, 0.1 GB unpacked) → ${folder}`;
    context.report({ piece: 'python', kind: 'get', message });
    return (await openInstaller(context)).installTool('practice', 'The data of the practice competitions');
  });
}

/** An interpreter with the packages that a benchmark's own grading code asks for, made once for each set of requirement lines. */
export async function gradingPython(
  requirements: readonly string[],
  options: Omit<UpOptions, 'pieces'> = {},
): Promise<string> {
  return withContext(options, [], async (context) => {
    const { version } = await findBasePython(context);
    const key = createHash('sha256')
      .update([version, ...requirements].join('\n'))
      .digest('hex')
      .slice(0, 12);
    const folder = join(context.cache.python, `grading-${key}`);
    const complete = join(folder, '.complete');
    if (await exists(complete)) return join(folder, 'bin', 'python');
    const message = `Python packages of the benchmark's grading code (${requirements.join(', ')}) → ${folder}`;
    context.report({ piece: 'python', kind: 'get', message });
    await rm(folder, { recursive: true, force: true });
    const interpreter = await (await openInstaller(context)).installNamed(folder, requirements);
    await writeFile(complete, `${requirements.join('\n')}\n`);
    return interpreter;
  });
}

type Ensured =
  | { readonly piece: 'temporal' | 'database'; readonly server: RunningServer }
  | { readonly piece: 'python' | 'sandbox'; readonly program: Program | undefined };

async function ensurePiece(name: PieceName, context: StackContext, installer: GetInstaller): Promise<Ensured> {
  const piece = TABLE[name];
  return piece.kind === 'server'
    ? { piece: piece.name, server: await ensureServer(piece, context, installer) }
    : { piece: piece.name, program: await ensureTool(piece, context, installer) };
}

async function ensureTool(
  piece: ToolPiece,
  context: StackContext,
  installer: GetInstaller,
): Promise<Program | undefined> {
  try {
    const program = (await piece.lookFor(context)) ?? (await piece.get(context, installer));
    context.report({ piece: piece.name, kind: 'ready', message: `${program.label} ${program.path}` });
    return program;
  } catch (error) {
    if (!piece.optional || !(error instanceof UserError) || error.code !== 'stack-piece-missing') throw error;
    context.note(`${error.message} ${error.next}`);
    return undefined;
  }
}

function connections(ensured: readonly Ensured[], notes: readonly string[]): StackConnections {
  const server = (name: 'temporal' | 'database'): RunningServer | undefined =>
    ensured.flatMap((one) => ('server' in one && one.piece === name ? [one.server] : []))[0];
  const program = (name: 'python' | 'sandbox'): Program | undefined =>
    ensured.flatMap((one) => ('program' in one && one.piece === name && one.program ? [one.program] : []))[0];
  const uiPort = server('temporal')?.record?.uiPort;
  const bwrap = program('sandbox')?.path;
  return {
    temporalAddress: server('temporal')?.address ?? '',
    ...(uiPort !== undefined && { temporalUiUrl: `http://127.0.0.1:${uiPort}` }),
    mongodbUri: server('database')?.address ?? '',
    python: program('python')?.path ?? '',
    ...(bwrap !== undefined && { bwrap }),
    notes: [...new Set(notes)],
  };
}

/** Prepares the cache, takes the lock, and collects notes. */
async function withContext<T>(
  options: UpOptions,
  notes: string[],
  work: (context: StackContext) => Promise<T>,
): Promise<T> {
  const environment = options.environment ?? process.env;
  const report = options.onProgress ?? ignore;
  const cache: CacheFolder = cacheFolder(environment);
  const note = (sentence: string): void => {
    if (notes.includes(sentence)) return;
    notes.push(sentence);
    report({ piece: 'stack', kind: 'note', message: sentence });
  };
  await prepareCache(cache);
  const waiting = (pid: number): void =>
    report({ piece: 'stack', kind: 'wait', message: `another command (pid ${pid}) is setting up the same cache` });
  return withLock(cache.lockFile, waiting, () => work({ cache, environment, report, note }));
}

function installOnce(context: StackContext): GetInstaller {
  let opened: Promise<Installer> | undefined;
  return () => {
    opened ??= openInstaller(context);
    return opened;
  };
}

function ignore(): void {}
