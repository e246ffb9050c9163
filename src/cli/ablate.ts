/** `automlgen ablate`: what each part of the system is worth, measured on the bundled competitions. */
import type { Command } from 'commander';
import { UserError } from '../domain/errors.js';
import { Part } from '../domain/part.js';
import { ablationPlan, ablationResults } from './ablation.js';
import { printJson } from './output.js';
import { competitionsOf, seedsOf } from './practice-run-command.js';
import { exitCodeOf, interruption, runMissing, withServers } from './practice-sweep.js';
import { ablationTable } from './render/ablation-table.js';
import { addRunOptions, parseRunOptions, type RawRunOptions } from './run-options.js';

interface AblateOptions extends RawRunOptions {
  readonly all?: boolean;
  readonly parts: string;
  readonly seeds: string;
  readonly firstSeed: string;
  readonly log?: string;
}

export function registerAblate(program: Command): void {
  const command = program
    .command('ablate')
    .argument('[id...]', 'competitions, for example p02-birthweight')
    .description('Take parts of the system out, one at a time, and measure what each is worth.')
    .option('--all', 'every competition')
    .option('--parts <names>', `with commas between them: ${Part.options.join(', ')}`, Part.options.join(','))
    .option('--seeds <n>', 'builder seeds for each competition', '1')
    .option('--first-seed <n>', 'the first of them', '1')
    .option('--log <file>', 'append each result as a line of JSON; what is finished there already is not run again');
  addRunOptions(command, { budget: '5m', without: 'detach' })
    .addHelpText(
      'after',
      '\nEvery run without a part has a twin with all of them: the same data, split, seeds, policy and budget. The table counts how often the whole' +
        '\nsystem was better on the private answers, and how many points of the board the part is worth, with a 95 % interval over competitions' +
        '\nand seeds. Ctrl-C cancels the run that is going on; with --log the same command goes on from there.' +
        '\n\nExamples:\n  automlgen ablate --all --seeds 3 --budget 5m --log ablation.jsonl\n  automlgen ablate p02-birthweight --parts knowledge,fuse --budget 2m',
    )
    .action(ablate);
}

async function ablate(ids: readonly string[], raw: AblateOptions): Promise<void> {
  const options = parseRunOptions(raw);
  const parts = partsOf(raw.parts);
  const planned = ablationPlan(await competitionsOf(ids, raw.all ?? false), seedsOf(raw), parts, options);
  const signal = interruption();
  const sweep = await runMissing(planned, raw.log, withServers(options, signal));
  const results = ablationResults(sweep.known, parts);
  if (raw.json) printJson(results);
  else process.stdout.write(ablationTable(results));
  process.exitCode = exitCodeOf(sweep, signal);
}

/** @throws UserError `option-invalid`. */
export function partsOf(text: string): readonly Part[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  const parts = names.map((name) => {
    const part = Part.safeParse(name);
    if (part.success) return part.data;
    throw new UserError('option-invalid', `--parts ${name} is not known.`, `Choose from ${Part.options.join(', ')}.`);
  });
  if (parts.length > 0) return parts;
  throw new UserError('option-invalid', '--parts names no part.', `Choose from ${Part.options.join(', ')}.`);
}
