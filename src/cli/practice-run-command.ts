/** `automlgen practice run`: measures the product on its bundled competitions and makes the table of results. */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { UserError } from '../domain/errors.js';
import { printJson } from './output.js';
import { practiceTable } from './render/practice-table.js';
import { addRunOptions, parseRunOptions, type RawRunOptions, whole } from './run-options.js';

interface PracticeRunOptions extends RawRunOptions {
  readonly all?: boolean;
  readonly seeds: string;
  readonly firstSeed: string;
  readonly log?: string;
  readonly table?: string;
}

type Row = Parameters<typeof practiceTable>[0][number];

const BEGIN = '<!-- results:begin -->';
const END = '<!-- results:end -->';

export function addPracticeRun(practice: Command): void {
  const command = practice
    .command('run')
    .argument('[id...]', 'competitions, for example p02-birthweight')
    .description('Search bundled competitions one after the other and print how each went.')
    .option('--all', 'every competition')
    .option('--seeds <n>', 'builder seeds for each', '1')
    .option('--first-seed <n>', 'the first of them', '1')
    .option('--log <file>', 'append each result as a line of JSON')
    .option('--table <file>', `replace what stands between ${BEGIN} and ${END} in a Markdown file`);
  addRunOptions(command, { budget: '5m' })
    .addHelpText('after', '\nExample:\n  automlgen practice run --all --seeds 3 --budget 5m --table README.md')
    .action(runCommand);
}

async function runCommand(ids: readonly string[], raw: PracticeRunOptions): Promise<void> {
  const options = parseRunOptions(raw);
  const count = whole(raw.seeds, '--seeds', 1);
  const first = whole(raw.firstSeed, '--first-seed', 0);
  const { PRACTICE, findPractice } = await import('../tasks/practice/catalog.js');
  const { runPractice } = await import('./practice-run.js');
  const competitions = raw.all ? PRACTICE.map((practice) => practice.id) : ids.map((id) => findPractice(id).id);
  if (competitions.length === 0) {
    throw new UserError(
      'option-invalid',
      'No competition was named.',
      'Name some, or write --all; `automlgen practice list` shows them.',
    );
  }
  const builderSeeds = Array.from({ length: count }, (_, index) => first + index);
  const rows: Row[] = [];
  await runPractice({ competitions, builderSeeds, options }, async (row) => {
    rows.push(row);
    if (raw.log !== undefined) await appendFile(raw.log, `${JSON.stringify(row)}\n`);
  });
  if (raw.table !== undefined) await replaceTable(raw.table, practiceTable(rows));
  if (raw.json) printJson(rows);
  else process.stdout.write(practiceTable(rows));
}

/** The table of runs that were logged earlier, so that long measurements can be made in parts. */
export function addPracticeTable(practice: Command): void {
  practice
    .command('table')
    .argument('<log...>', 'files written by `practice run --log`')
    .description('Print the table of logged runs.')
    .option('--table <file>', `replace what stands between ${BEGIN} and ${END} in a Markdown file`)
    .addHelpText('after', '\nExample:\n  automlgen practice table results.jsonl --table README.md')
    .action(tableCommand);
}

async function tableCommand(logs: readonly string[], options: { readonly table?: string }): Promise<void> {
  const texts = await Promise.all(logs.map((path) => readFile(path, 'utf8')));
  const rows: Row[] = texts.flatMap((text) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row),
  );
  rows.sort((a, b) => (a.competition + a.builderSeed < b.competition + b.builderSeed ? -1 : 1));
  if (options.table === undefined) process.stdout.write(practiceTable(rows));
  else await replaceTable(options.table, practiceTable(rows));
}

async function replaceTable(path: string, table: string): Promise<void> {
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
