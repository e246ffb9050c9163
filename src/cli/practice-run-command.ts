/** `automlgen practice run`: measures the product on its bundled competitions and makes the table of results. */
import type { Command } from 'commander';
import { UserError } from '../domain/errors.js';
import { printJson } from './output.js';
import { plannedRuns } from './practice-plan.js';
import { exitCodeOf, interruption, runMissing, withServers } from './practice-sweep.js';
import { BEGIN, END, replaceTable } from './practice-table-command.js';
import { practiceTable } from './render/practice-table.js';
import { addRunOptions, parseRunOptions, type RawRunOptions } from './run-options.js';
import { whole } from './whole.js';

interface PracticeRunOptions extends RawRunOptions {
  readonly all?: boolean;
  readonly seeds: string;
  readonly firstSeed: string;
  readonly log?: string;
  readonly table?: string;
}

export function addPracticeRun(practice: Command): void {
  const command = practice
    .command('run')
    .argument('[id...]', 'competitions, for example p02-birthweight')
    .description('Search bundled competitions one after the other and print how each went.')
    .option('--all', 'every competition')
    .option('--seeds <n>', 'builder seeds for each', '1')
    .option('--first-seed <n>', 'the first of them', '1')
    .option('--log <file>', 'append each result as a line of JSON; what is finished there already is not run again')
    .option('--table <file>', `replace what stands between ${BEGIN} and ${END} in a Markdown file`);
  addRunOptions(command, { budget: '5m', without: 'detach' })
    .addHelpText(
      'after',
      '\nThe first seed of every competition comes first. Ctrl-C cancels the run that is going on; with --log the same command goes on from there.' +
        '\n\nExample:\n  automlgen practice run --all --seeds 3 --budget 5m --log results.jsonl',
    )
    .action(runCommand);
}

async function runCommand(ids: readonly string[], raw: PracticeRunOptions): Promise<void> {
  const options = parseRunOptions(raw);
  const planned = plannedRuns(await competitionsOf(ids, raw.all ?? false), seedsOf(raw), options);
  const signal = interruption();
  const sweep = await runMissing(planned, raw.log, withServers(options, signal));
  if (raw.table !== undefined) await replaceTable(raw.table, practiceTable(sweep.known));
  if (raw.json) printJson(sweep.known);
  else process.stdout.write(practiceTable(sweep.known));
  process.exitCode = exitCodeOf(sweep, signal);
}

export async function competitionsOf(ids: readonly string[], all: boolean): Promise<readonly string[]> {
  const { PRACTICE, findPractice } = await import('../tasks/practice/catalog.js');
  const found = [...new Set(all ? PRACTICE.map(({ id }) => id) : ids.map((id) => findPractice(id).id))];
  if (found.length > 0) return found;
  throw new UserError(
    'option-invalid',
    'No competition was named.',
    'Name some, or write --all; `automlgen practice list` shows them.',
  );
}

export function seedsOf(raw: Pick<PracticeRunOptions, 'seeds' | 'firstSeed'>): readonly number[] {
  const first = whole(raw.firstSeed, '--first-seed', 0);
  return Array.from({ length: whole(raw.seeds, '--seeds', 1) }, (_, index) => first + index);
}
