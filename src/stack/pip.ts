/** The first download of all, by the installer that comes with Python. */

import { join } from 'node:path';
import { UserError } from '../domain/errors.js';
import type { BasePython } from './base-python.js';
import type { StackContext } from './context.js';
import { type CommandResult, runCommand } from './run-command.js';

/** Installs a lock file into a folder. Where Python comes without pip, a throw-away environment lends one. */
export async function pipInstall(
  context: StackContext,
  python: BasePython,
  lock: string,
  folder: string,
): Promise<CommandResult> {
  const args = ['-m', 'pip', 'install', '--target', folder, '--require-hashes', '--only-binary', ':all:', '-r', lock];
  const quiet = ['--quiet', '--no-input', '--no-cache-dir', '--disable-pip-version-check', '--retries', '2'];
  const options = { environment: context.environment };
  const first = await runCommand(python.path, [...args, ...quiet], options);
  if (first.status === 0 || !first.stderr.includes('No module named pip')) return first;
  const lender = join(folder, 'lender');
  const made = await runCommand(python.path, ['-m', 'venv', lender], options);
  if (made.status !== 0) {
    throw new UserError(
      'python-missing',
      `${python.path} has neither pip nor the means to make an environment.`,
      'Install them; on Debian and Ubuntu: apt install python3-pip python3-venv',
    );
  }
  return runCommand(join(lender, 'bin', 'python'), [...args, ...quiet], options);
}
