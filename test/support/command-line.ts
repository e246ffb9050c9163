/** Runs the product as its user does: the built command line, in a folder of its own, on the embedded stack. */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/automlgen.mjs', import.meta.url));

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandLine {
  /** Working folder of every command. */
  readonly folder: string;
  run(...args: readonly string[]): Promise<CommandResult>;
  /** The same command line in another folder. */
  in(folder: string): CommandLine;
  /** Runs with `--json`, expects success and parses what was printed. */
  json(...args: readonly string[]): Promise<unknown>;
}

export function commandLine(folder = mkdtempSync(join(tmpdir(), 'automlgen-cli-'))): CommandLine {
  const run = (...args: readonly string[]): Promise<CommandResult> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [BIN, ...args], { cwd: folder, env: { ...process.env, NO_COLOR: '1' } });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
      });
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    });
  return {
    folder,
    run,
    in: commandLine,
    async json(...args) {
      const { code, stdout, stderr } = await run(...args, '--json');
      if (code !== 0) throw new Error(`automlgen ${args.join(' ')} ended with ${code}:\n${stderr}\n${stdout}`);
      return JSON.parse(stdout);
    },
  };
}
