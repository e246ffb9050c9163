// Runs a program with its output on the error stream, so that standard output belongs to the command that the user asked for.

import { spawn } from 'node:child_process';

/** Never rejects: `{ status, error }`. */
export function run(file, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ['ignore', 2, 2], ...options });
    child.once('error', (error) => resolve({ status: null, error }));
    child.once('close', (status) => resolve({ status }));
  });
}
