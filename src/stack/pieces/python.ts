/** The Python environment of candidates and of the evaluator. */

import { rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../domain/errors.js';
import { findBasePython, versionOf } from '../base-python.js';
import { requireFreeSpace } from '../cache-folder.js';
import type { StackContext } from '../context.js';
import { atLeast } from '../find-program.js';
import { packageFile } from '../package-root.js';
import type { Program, ToolPiece } from '../piece.js';
import { missingModules } from '../python-packages.js';
import { runCommand } from '../run-command.js';
import { contentHash, exists } from '../tool-folder.js';

/** Measured: wheels while they are unpacked, the environment, and its compiled modules. */
const NEEDED_BYTES = 1.8e9;

export const pythonPiece: ToolPiece = environmentPiece({
  folder: 'runtime',
  locks: [packageFile('python', 'requirements.lock')],
  what: 'Python packages for candidate programs (37 packages, 290 MB to fetch, 0.9 GB unpacked)',
  overridden: true,
  precompiled: true,
});

/** The same packages with pytest and ruff, for this project's own tests. Never offered to a candidate. */
export const developmentPythonPiece: ToolPiece = environmentPiece({
  folder: 'development',
  locks: [packageFile('python', 'requirements.lock'), packageFile('python', 'requirements-dev.lock')],
  what: 'Python packages for the tests of this project (43 packages, shared with those of the candidates)',
  overridden: false,
  precompiled: false,
});

interface EnvironmentOptions {
  readonly folder: string;
  readonly locks: readonly string[];
  readonly what: string;
  /** Whether `AUTOMLGEN_PYTHON` replaces it. */
  readonly overridden: boolean;
  /** Candidates cannot write beside the modules, so that what is not compiled now is compiled at every import. */
  readonly precompiled: boolean;
}

function environmentPiece(options: EnvironmentOptions): ToolPiece {
  const { locks, precompiled } = options;
  return {
    kind: 'tool',
    optional: false,
    name: 'python',
    purpose: 'running candidate programs and scoring them',

    async lookFor(context) {
      const configured = context.environment.AUTOMLGEN_PYTHON;
      if (configured && options.overridden) return configuredPython(configured, context);
      const folder = await environmentFolder(context, options);
      return folder && (await exists(join(folder, COMPLETE))) ? describe(folder) : undefined;
    },

    async get(context, installer) {
      await requireFreeSpace(context.cache.python, NEEDED_BYTES, 'The Python environment');
      const message = `${options.what} → ${context.cache.python}`;
      context.report({ piece: 'python', kind: 'get', message });
      const opened = await installer();
      const folder = join(context.cache.python, folderName(options, opened.python.version));
      await rm(folder, { recursive: true, force: true });
      await opened.installEnvironment(folder, locks, countDownloads(context));
      if (precompiled) await compileModules(folder);
      await writeFile(join(folder, COMPLETE), `${new Date().toISOString()}\n`);
      return describe(folder);
    },
  };
}

/** An environment cannot be moved after it was made; this file, written last, tells a complete one. */
const COMPLETE = '.complete';

async function environmentFolder(context: StackContext, options: EnvironmentOptions): Promise<string | undefined> {
  const base = await findBasePython(context).catch(() => undefined);
  return base && join(context.cache.python, folderName(options, base.version));
}

function folderName({ folder, locks }: EnvironmentOptions, version: string): string {
  return `${folder}-${version.split('.').slice(0, 2).join('.')}-${contentHash(locks)}`;
}

async function describe(folder: string): Promise<Program> {
  const path = join(folder, 'bin', 'python');
  const version = await versionOf(path);
  if (version) return { path, label: `CPython ${version}`, flavour: 'environment' };
  throw new UserError(
    'python-missing',
    `${path} does not start: the interpreter that it was made with is gone.`,
    `Remove ${folder} and run \`automlgen stack up\`.`,
  );
}

async function configuredPython(path: string, context: StackContext): Promise<Program> {
  const version = await versionOf(path);
  if (!version || !atLeast(version, '3.11')) {
    const is = version ? `is CPython ${version}` : 'does not start as CPython';
    const next = 'Name an interpreter of 3.11 or later, or unset it to have an environment made.';
    throw new UserError('python-missing', `AUTOMLGEN_PYTHON names ${path}, which ${is}.`, next);
  }
  const missing = await missingModules(path);
  if (missing.length > 0) {
    context.note(`${path} of AUTOMLGEN_PYTHON lacks ${missing.join(', ')}: programs that import them fail.`);
  }
  return { path, label: `CPython ${version} (AUTOMLGEN_PYTHON)`, flavour: 'environment' };
}

/** Test suites of the packages are left out: nobody imports them, and they are a third of the work. */
async function compileModules(folder: string): Promise<void> {
  const args = ['-I', '-m', 'compileall', '-q', '-j', String(cpus().length), '-x', '[/]tests?[/]', join(folder, 'lib')];
  await runCommand(join(folder, 'bin', 'python'), args);
}

/** uv prints `Downloading name (size)` before and `Downloaded name` after each of the larger wheels. */
function countDownloads(context: StackContext): (line: string) => void {
  const open = new Map<string, string>();
  let done = 0;
  return (line) => {
    const [, verb, name = '', size = ''] =
      /^\s*(Downloading|Downloaded|Building|Prepared)\s+(\S+)(?: \(([^)]+)\))?/.exec(line) ?? [];
    if (verb === 'Prepared')
      context.report({ piece: 'python', kind: 'advance', message: 'all fetched and checked, unpacking' });
    if (verb === 'Downloading') open.set(name, size);
    if (verb === 'Downloaded' && open.delete(name)) done += 1;
    if (verb !== 'Downloaded') return;
    const rest = [...open].map(([wheel, bytes]) => `${wheel} ${bytes}`).slice(0, 3);
    const message = `${done} of ${done + open.size} large packages fetched${rest.length > 0 ? `, waiting for ${rest.join(', ')}` : ''}`;
    context.report({ piece: 'python', kind: 'advance', message });
  };
}
