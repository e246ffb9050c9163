/** Programs of the composer under a real Python: one process imports the packages, a child of it runs each program. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TaskCard } from '../../src/domain/task-card.js';
import type { Program } from './composer.js';

export const PYTHON = process.env.AUTOMLGEN_PYTHON ?? 'python3';
export const PYTHON_TESTS = fileURLToPath(new URL('../../python/tests/composer', import.meta.url));

export interface Case {
  readonly name: string;
  readonly card: TaskCard;
  readonly program: string;
  /** Folder of the input files; toys that fit the card when absent. */
  readonly input?: string;
}

export interface Result {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly complaint: string;
}

export function composerFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'composer-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Enough rounds to run every line, not to learn well. */
export function small({ program }: Program): string {
  return program
    .replaceAll(/(n_estimators|iterations)=\d+/g, '$1=12')
    .replaceAll(/max_iter=\d+/g, 'max_iter=40')
    .replace(/^SEEDS = range\((\d+), \d+\)$/m, (_, first: string) => `SEEDS = range(${first}, ${Number(first) + 2})`);
}

/** One result for each case, in their order. @throws Error when the runner itself fails. */
export function runPrograms(cases: readonly Case[], folder: string): readonly Result[] {
  const path = join(folder, 'cases.json');
  writeFileSync(path, JSON.stringify(cases));
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', PYTHONWARNINGS: 'ignore' };
  const runner = join(PYTHON_TESTS, 'run_programs.py');
  const run = spawnSync(PYTHON, [runner, path, join(folder, 'work')], { env, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Result);
}

/** `name: last line of the complaint` for every program that did not work. */
export function failures(results: readonly Result[]): readonly string[] {
  return results
    .filter((result) => !result.ok)
    .map(({ name, complaint }) => `${name}: ${complaint.trim().split('\n').slice(-3).join(' | ')}`);
}
