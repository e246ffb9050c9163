/** `automlgen practice build`: one bundled competition, or all of them, into folders. */
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '../domain/errors.js';
import type { Practice } from '../tasks/practice/catalog.js';
import { faultOf } from './failure.js';
import { type OutputOptions, printJson, progress } from './output.js';
import { places } from './places.js';
import { whole } from './whole.js';

interface BuildOptions extends OutputOptions {
  readonly all?: boolean;
  readonly seed: string;
  readonly to?: string;
}

interface Built {
  readonly id: string;
  readonly seed: number;
  readonly folder: string;
  readonly cached: boolean;
  readonly variant: boolean;
}

export function addPracticeBuild(practice: Command): void {
  practice
    .command('build')
    .argument('[id]', 'for example p02-birthweight')
    .description('Build a competition into a folder: public files, and private answers for the grader.')
    .option('--all', 'every competition; one that cannot be built stops none of the others')
    .option('--seed <n>', 'divides public from private rows; the board was recorded with seed 1', '1')
    .option('--to <folder>', 'where to put it; with --all the parent of one folder for each (default: the cache)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  automlgen practice build p06-docstrings --seed 2 --to my-folder\n  automlgen practice build --all',
    )
    .action(buildCommand);
}

async function buildCommand(id: string | undefined, options: BuildOptions): Promise<void> {
  const seed = whole(options.seed, '--seed', 0);
  if (options.all && id === undefined) return buildAll(seed, options);
  if (id === undefined || options.all) {
    throw new UserError(
      'option-invalid',
      id === undefined ? 'No competition was named.' : `Both ${id} and --all were given.`,
      'Name one, or write --all; `automlgen practice list` shows them.',
    );
  }
  const { findPractice } = await import('../tasks/practice/catalog.js');
  const practice = findPractice(id);
  const built = await buildOne(practice, seed, options.to === undefined ? cached(practice, seed) : resolve(options.to));
  if (options.json) return printJson(built);
  progress(told(built));
  console.log(built.folder);
}

async function buildAll(seed: number, options: BuildOptions): Promise<void> {
  const { PRACTICE } = await import('../tasks/practice/catalog.js');
  const found: (Built | { readonly id: string; readonly error: ReturnType<typeof faultOf> })[] = [];
  for (const practice of PRACTICE) {
    const { id } = practice;
    const folder = options.to === undefined ? cached(practice, seed) : resolve(options.to, id);
    try {
      const built = await buildOne(practice, seed, folder);
      found.push(built);
      progress(`${id}: ${told(built)}`);
      if (!options.json) console.log(folder);
    } catch (error) {
      const fault = faultOf(error);
      found.push({ id, error: fault });
      progress(`${id}: ✗ ${fault.message} ${fault.next ?? ''}`.trimEnd());
      process.exitCode = 1;
    }
  }
  if (options.json) printJson(found);
}

async function buildOne(practice: Practice, seed: number, folder: string): Promise<Built> {
  const { buildPractice } = await import('../tasks/practice/catalog.js');
  const { practiceTools } = await import('./practice-tools.js');
  const { cached, variant } = await buildPractice(practice.id, { seed, folder, ...(await practiceTools(practice)) });
  return { id: practice.id, seed, folder, cached, variant };
}

function cached({ id }: Practice, seed: number): string {
  return join(places().practice, id, `seed-${seed}`);
}

function told({ cached, variant }: Built): string {
  const board = variant ? ' No board was recorded with these data: no medals on this one.' : '';
  return `${cached ? 'Built before; nothing to do.' : 'Built.'}${board}`;
}
