/** Starts `worker-main.ts` in a process of its own, to be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';
import type { WorkerOrder } from './worker-main.js';

const FOLDERS = [
  'src/domain',
  'src/execution',
  'src/execution/local',
  'src/execution/kubernetes',
  'test/support',
  'test/support/kubernetes',
];

/** Compiles the worker into `folder` and returns the path of its program. */
export function compileClusterWorker(folder: string): string {
  for (const from of FOLDERS)
    for (const name of readdirSync(from).filter((file) => file.endsWith('.ts'))) {
      const { code } = transformSync(readFileSync(join(from, name), 'utf8'), {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'es6' },
      });
      const target = join(folder, from, name.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, code);
    }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'test/support/kubernetes/worker-main.js');
}

/** Resolves when it works. */
export async function startClusterWorker(program: string, order: WorkerOrder): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Of the test, which is not that of its process.
    env: { ...process.env },
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code, signal) => reject(new Error(`The worker ended with ${code ?? signal}.`)));
  });
  return child;
}

export function exitOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown')));
}
