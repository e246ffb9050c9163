/** `automlgen practice table`: the tables of logged runs, printed or put into a document. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { UserError } from '../domain/errors.js';
import { type OutputOptions, printJson } from './output.js';
import { type PracticeEntry, readLog, settled } from './practice-log.js';
import { practiceSummary } from './render/practice-summary.js';
import { practiceTable } from './render/practice-table.js';

interface TableOptions extends OutputOptions {
  readonly table?: string;
  readonly summary?: boolean;
}

export const BEGIN = '<!-- results:begin -->';
export const END = '<!-- results:end -->';

/** The table of runs that were logged earlier, so that long measurements can be made in parts. */
export function addPracticeTable(practice: Command): void {
  practice
    .command('table')
    .argument('<log...>', 'files written by `practice run --log`')
    .description('Print the table of logged runs.')
    .option('--summary', 'one line for each competition, over its builder seeds')
    .option('--table <file>', `replace what stands between ${BEGIN} and ${END} in a Markdown file`)
    .option('--json', 'print the logged runs as JSON')
    .addHelpText('after', '\nExample:\n  automlgen practice table results.jsonl --table README.md')
    .action(tableCommand);
}

async function tableCommand(logs: readonly string[], options: TableOptions): Promise<void> {
  const entries = settled((await Promise.all(logs.map(knownLog))).flat());
  const ordered = [...entries].sort(
    (a, b) => a.competition.localeCompare(b.competition, 'en') || a.builderSeed - b.builderSeed,
  );
  const table = options.summary ? practiceSummary(ordered) : practiceTable(ordered);
  if (options.table !== undefined) await replaceTable(options.table, table);
  if (options.json) printJson(ordered);
  else if (options.table === undefined) process.stdout.write(table);
}

async function knownLog(path: string): Promise<readonly PracticeEntry[]> {
  const entries = await readLog(path);
  if (entries.length > 0) return entries;
  throw new UserError('option-invalid', `${path} has no results.`, 'Give a file that `practice run --log` wrote.');
}

export async function replaceTable(path: string, table: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  const [before, after] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (before < 0 || after < before) {
    throw new UserError(
      'option-invalid',
      `${path} has no lines ${BEGIN} and ${END}.`,
      'Add them where the table shall stand.',
    );
  }
  await writeFile(path, `${text.slice(0, before + BEGIN.length)}\n${table}${text.slice(after)}`);
}
