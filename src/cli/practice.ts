/** `automlgen practice`: the bundled competitions, to try out and to measure with. */
import type { Command } from 'commander';
import { type OutputOptions, printJson, printTable, progress } from './output.js';
import { places } from './places.js';
import { addPracticeRun, addPracticeTable } from './practice-run-command.js';
import { whole } from './run-options.js';

interface BuildCommandOptions extends OutputOptions {
  readonly seed: string;
  readonly to?: string;
}

export function registerPractice(program: Command): void {
  const practice = program
    .command('practice')
    .description('Bundled competitions made of real data, with private answers.');
  practice
    .command('list')
    .description('List the bundled competitions.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  automlgen practice list')
    .action(listCommand);
  practice
    .command('build')
    .argument('<id>', 'for example p02-birthweight')
    .description('Build a competition into a folder: public files, and private answers for the grader.')
    .option('--seed <n>', 'divides public from private rows; the board was recorded with seed 1', '1')
    .option('--to <folder>', 'where to put it (default: the cache)')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  automlgen practice build p06-docstrings --seed 2 --to my-folder')
    .action(buildCommand);
  addPracticeRun(practice);
  addPracticeTable(practice);
}

async function listCommand(options: OutputOptions): Promise<void> {
  const { PRACTICE } = await import('../tasks/practice/catalog.js');
  if (options.json) return printJson(PRACTICE);
  printTable(
    [
      { title: 'id' },
      { title: 'metric' },
      { title: 'train', align: 'right' },
      { title: 'test', align: 'right' },
      { title: 'what it teaches' },
    ],
    PRACTICE.map(({ id, metric, rows, lesson }) => [id, metric, `${rows.train}`, `${rows.test}`, lesson]),
  );
}

async function buildCommand(id: string, options: BuildCommandOptions): Promise<void> {
  const seed = whole(options.seed, '--seed', 0);
  const { join, resolve } = await import('node:path');
  const { buildPractice, findPractice } = await import('../tasks/practice/catalog.js');
  const practice = findPractice(id);
  const { practiceTools } = await import('./practice-tools.js');
  const tools = await practiceTools(practice);
  const folder = options.to === undefined ? join(places().practice, practice.id, `seed-${seed}`) : resolve(options.to);
  const built = await buildPractice(practice.id, { seed, folder, ...tools });
  if (options.json) return printJson({ id: practice.id, seed, folder, cached: built.cached, variant: built.variant });
  progress(built.cached ? 'Built before; nothing to do.' : 'Built.');
  if (built.variant) progress('No board was recorded with these data: no medals on this one.');
  console.log(folder);
}
