/** The interpreter that the machine brings: everything installed is made with it. */

import { UserError } from '../domain/errors.js';
import type { StackContext } from './context.js';
import { findProgram } from './find-program.js';
import { runCommand } from './run-command.js';

export interface BasePython {
  readonly path: string;
  /** Such as `3.12.4`. */
  readonly version: string;
}

/** In the order of preference; `AUTOMLGEN_PYTHON` goes first. */
const NAMES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python'];
/** The lock files are made for these. */
const MINORS = [11, 12, 13];

/** The first CPython 3.11 to 3.13. Throws `python-missing` and names what was found instead. */
export async function findBasePython(context: Pick<StackContext, 'environment'>): Promise<BasePython> {
  const rejected: string[] = [];
  const configured = context.environment.AUTOMLGEN_PYTHON;
  for (const name of configured ? [configured, ...NAMES] : NAMES) {
    const path = name.includes('/') ? name : await findProgram(name, context.environment);
    const found = path && (await ask(path));
    if (!found) continue;
    if (isSupported(found.version)) return found;
    rejected.push(`${found.path} is ${found.version}`);
  }
  const found =
    rejected.length > 0 ? `Only others were found: ${[...new Set(rejected)].join(', ')}.` : 'None was found on PATH.';
  throw new UserError(
    'python-missing',
    `CPython 3.11, 3.12 or 3.13 is needed. ${found}`,
    'Install one of them, or name one in AUTOMLGEN_PYTHON.',
  );
}

/** Version of a CPython interpreter; undefined when it does not start or is another implementation. */
export async function versionOf(path: string): Promise<string | undefined> {
  return (await ask(path))?.version;
}

/** The interpreter says where it really is: what PATH leads to may be a script of a version manager, which depends on the folder. */
async function ask(path: string): Promise<BasePython | undefined> {
  const program = 'import platform as p, sys; print(p.python_implementation(), p.python_version(), sys.executable)';
  const { status, stdout } = await runCommand(path, ['-I', '-c', program], { timeoutMs: 20_000 });
  const [implementation, version = '', ...executable] = stdout.trim().split(' ');
  return status === 0 && implementation === 'CPython' ? { path: executable.join(' '), version } : undefined;
}

function isSupported(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  return major === 3 && MINORS.includes(minor ?? 0);
}
