/** Starts the scripted worker in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import type { WorkerOrder } from './temporal-worker-main.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What the worker's process needs of the sources; compiled file by file. */
const FOLDERS = [
  'src/activities',
  'src/domain',
  'src/search',
  'src/store',
  'src/worker',
  'src/workflows',
  'test/support',
];

/** Resolves when the worker polls. `program` comes from {@link compileWorker}. */
export async function startWorker(program: string, order: WorkerOrder): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code, signal) => reject(new Error(`The worker ended with ${code ?? signal}.`)));
  });
  return child;
}

/** Compiles the worker into `folder` and returns the path of its program. */
export function compileWorker(folder: string): string {
  for (const from of FOLDERS) {
    for (const name of readdirSync(join(ROOT, from)).filter((file) => file.endsWith('.ts'))) {
      const { code } = transformSync(readFileSync(join(ROOT, from, name), 'utf8'), {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'es6' },
      });
      const target = join(folder, from, name.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, code);
    }
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  rmSync(join(folder, 'node_modules'), { force: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'test/support/temporal-worker-main.js');
}
