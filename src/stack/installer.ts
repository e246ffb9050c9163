/**
 * Installs locked wheels. One small program, uv, is fetched by pip; it then fetches everything else side by side and checks every
 * hash: on two cores the Python environment takes less than half of pip's time (docs/decisions/0006-embedded-stack.md).
 */

import { join } from 'node:path';
import { type BasePython, findBasePython } from './base-python.js';
import type { StackContext } from './context.js';
import { isExecutable } from './find-program.js';
import { installFailure } from './install-failure.js';
import { pipInstall } from './pip.js';
import { type CommandResult, runCommand } from './run-command.js';
import { fillOnce, type ToolName, toolFolder, toolLock } from './tool-folder.js';

export interface Installer {
  readonly python: BasePython;
  /** Installs a tool into its folder unless it is there. `what` begins the sentence of an error. */
  installTool(name: ToolName, what: string): Promise<string>;
  /** Installs lock files into a new environment at `folder`, which must not exist, and returns its interpreter. */
  installEnvironment(folder: string, locks: readonly string[], onLine: (line: string) => void): Promise<string>;
  /** Installs packages by requirement lines, wheels only and of whatever version the index has, for code that is not ours. */
  installNamed(folder: string, requirements: readonly string[]): Promise<string>;
}

/** Fetches uv when the cache has none. Throws `python-missing` or a download error. */
export async function openInstaller(context: StackContext): Promise<Installer> {
  const python = await findBasePython(context);
  const uv = await ensureUv(context, python);
  const environment = { ...(await uvEnvironment(context, python)) };
  // A lock is complete, so that nothing beside it is ever needed; that of the practice data names no dependencies on purpose.
  const install = (target: readonly string[], locks: readonly string[], onLine = ignore): Promise<CommandResult> =>
    runCommand(
      uv,
      [
        'pip',
        'install',
        ...target,
        '--require-hashes',
        '--no-deps',
        '--no-build',
        ...locks.flatMap((lock) => ['-r', lock]),
      ],
      { environment, onLine },
    );
  return {
    python,
    installTool: (name, what) =>
      fillOnce(toolFolder(context.cache, name), async (folder) => {
        const result = await install(['--python', python.path, '--target', folder], [toolLock(name)]);
        if (result.status !== 0) throw installFailure(what, result);
      }),
    async installEnvironment(folder, locks, onLine) {
      const interpreter = join(folder, 'bin', 'python');
      const made = await runCommand(uv, ['venv', '--python', python.path, folder], { environment });
      const result = made.status === 0 ? await install(['--python', interpreter], locks, onLine) : made;
      if (result.status !== 0) throw installFailure('The Python environment', result);
      return interpreter;
    },
    async installNamed(folder, requirements) {
      const interpreter = join(folder, 'bin', 'python');
      const made = await runCommand(uv, ['venv', '--python', python.path, folder], { environment });
      const args = ['pip', 'install', '--python', interpreter, '--only-binary', ':all:', ...requirements];
      const result = made.status === 0 ? await runCommand(uv, args, { environment }) : made;
      if (result.status !== 0) throw installFailure('The environment of the grading code', result);
      return interpreter;
    },
  };
}

async function ensureUv(context: StackContext, python: BasePython): Promise<string> {
  const program = join(toolFolder(context.cache, 'uv'), 'bin', 'uv');
  if (await isExecutable(program)) return program;
  context.report({
    piece: 'installer',
    kind: 'get',
    message: `uv, which downloads the rest (18 MB) → ${context.cache.tools}`,
  });
  await fillOnce(toolFolder(context.cache, 'uv'), async (folder) => {
    const result = await pipInstall(context, python, toolLock('uv'), folder);
    if (result.status !== 0) throw installFailure('uv', result);
  });
  return program;
}

/**
 * The user's environment with uv's own cache inside ours, hard-linked into the environments made from it, and with the mirror and
 * certificate that pip was told to use, since few people have told uv.
 */
async function uvEnvironment(context: StackContext, python: BasePython): Promise<NodeJS.ProcessEnv> {
  const { environment } = context;
  const mirror = environment.UV_DEFAULT_INDEX ?? environment.PIP_INDEX_URL ?? (await pipSetting(python, 'index-url'));
  const certificate = environment.SSL_CERT_FILE ?? environment.PIP_CERT;
  return {
    ...environment,
    UV_CACHE_DIR: join(context.cache.tools, 'uv-cache'),
    UV_NO_PROGRESS: '1',
    UV_PYTHON_DOWNLOADS: 'never',
    NO_COLOR: '1',
    ...(mirror && { UV_DEFAULT_INDEX: mirror }),
    ...(certificate && { SSL_CERT_FILE: certificate }),
  };
}

async function pipSetting(python: BasePython, name: string): Promise<string | undefined> {
  const { status, stdout } = await runCommand(python.path, ['-m', 'pip', 'config', 'get', `global.${name}`]);
  return status === 0 ? stdout.trim() : undefined;
}

function ignore(_line: string): void {}
