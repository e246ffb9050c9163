/** Runs a program to its end and keeps what it printed. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface CommandResult {
  /** Exit status; null when a signal ended it or it could not be started. */
  readonly status: number | null;
  readonly stdout: string;
  /** What went to the error stream, or why the program could not be started. */
  readonly stderr: string;
}

export interface CommandOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** Default 10 minutes; then the program is killed. */
  readonly timeoutMs?: number;
  /** Called for every line of either stream. */
  readonly onLine?: (line: string) => void;
}

/** Never rejects: a program that is missing gives status null and a reason. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      env: options.environment ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs ?? 600_000,
      killSignal: 'SIGKILL',
    });
    const stdout: string[] = [];
    const stderr: string[] = [];
    const collect = (stream: NodeJS.ReadableStream, lines: string[]): void => {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        options.onLine?.(line);
      });
    };
    collect(child.stdout, stdout);
    collect(child.stderr, stderr);
    child.on('error', (error) => resolve({ status: null, stdout: '', stderr: error.message }));
    child.on('close', (status) => resolve({ status, stdout: stdout.join('\n'), stderr: stderr.join('\n') }));
  });
}
