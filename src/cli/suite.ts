/** `automlgen suite`: competitions times seeds as one measurement, with a table at any time. */
import type { Command } from 'commander';
import { UserError } from '../domain/errors.js';
import type { SuiteStatus } from '../domain/suite.js';
import { durationMs } from './duration.js';
import { type OutputOptions, printJson, progress } from './output.js';
import { addRunOptions, parseRunOptions, type RawRunOptions } from './run-options.js';
import type { StartOptions } from './start.js';
import { whole } from './whole.js';

interface SuiteRunOptions extends RawRunOptions {
  readonly practice?: boolean;
  readonly seeds: string;
  readonly firstSeed: string;
  readonly parallel: string;
  readonly name: string;
  readonly wall?: string;
  readonly usd?: string;
}

export function registerSuite(program: Command): void {
  const suite = program
    .command('suite')
    .description('Many runs as one measurement: competitions times seeds.')
    .addHelpText('after', '\nExample:\n  automlgen suite run --practice --seeds 3 --budget 5m');
  addSuiteRun(suite);
  onSuite(suite, 'status', 'Print the table so far.', async (client, options) => {
    const { suiteMarkdown, suiteHeadlines } = await import('../benchmarks/suite-table.js');
    const status = await client.status();
    if (options.json) printJson({ ...status, headlines: suiteHeadlines(status) });
    else process.stdout.write(suiteMarkdown(status));
  });
  onSuite(suite, 'watch', 'Follow a suite to its end.', async (client, options, keepWorking) => {
    const { followSuite } = await import('./suite-follow.js');
    await followSuite(client, options, keepWorking);
  });
  onSuite(suite, 'stop', 'Start no further run; those that run go on to their end.', async (client, options) => {
    told(await client.stop(), options);
  });
  onSuite(suite, 'cancel', 'Cancel the suite and its runs; each delivers what it has.', async (client, options) => {
    await client.cancel();
    if (options.json) printJson({ suiteId: client.suiteId });
    else progress(`Cancelling ${client.suiteId}.`);
  });
  addParallel(suite);
}

function addSuiteRun(suite: Command): void {
  const command = suite
    .command('run')
    .argument('[competition...]', 'bundled competitions by id, or task folders')
    .description('Run competitions times seeds, a bounded number at a time.')
    .option('--practice', 'all bundled competitions')
    .option('--seeds <n>', 'seeds of each competition: as many runs', '3')
    .option('--first-seed <n>', 'the first of them', '1')
    .option('--parallel <n>', 'runs at the same time; they share the slots of this machine', '1')
    .option('--wall <duration>', 'start no run after this much time of the suite')
    .option(
      '--usd <amount>',
      'start no run whose --max-usd is more than is left of this, US dollars; runs of the composer cost nothing',
    )
    .option('--name <name>', 'part of its id and the title of its table', 'suite');
  addRunOptions(command, { budget: '5m', without: 'seed' })
    .addHelpText(
      'after',
      '\nEach seed is a seed of the search. It also divides a bundled competition anew into public and private rows, and the labelled' +
        ' rows of a task folder anew into those that programs see and hidden ones.' +
        '\n\nExamples:\n  automlgen suite run --practice --seeds 3 --budget 2m\n  automlgen suite run prepared/* --seeds 3 --budget 12h --detach',
    )
    .action(runCommand);
}

async function runCommand(names: readonly string[], raw: SuiteRunOptions): Promise<void> {
  const options = parseRunOptions(raw);
  const count = whole(raw.seeds, '--seeds', 1);
  const first = whole(raw.firstSeed, '--first-seed', 0);
  const limits = {
    parallel: whole(raw.parallel, '--parallel', 1),
    ...(raw.wall !== undefined && { wallMs: durationMs(raw.wall, '--wall') }),
    ...(raw.usd !== undefined && { usd: amount(raw.usd, '--usd') }),
  };
  checkMoney(limits.usd, options);
  const { launchSuite } = await import('./suite-launch.js');
  await launchSuite(
    {
      name: raw.name,
      competitions: names,
      practice: raw.practice ?? false,
      seeds: Array.from({ length: count }, (_, index) => first + index),
      limits,
      options,
      splitSeedAsked: raw.splitSeed !== undefined,
    },
    raw,
  );
}

/** @throws UserError `option-invalid`: what one run may spend has to be known before the suite can say whether another may begin. */
function checkMoney(usd: number | undefined, { authorship }: StartOptions): void {
  if (usd === undefined || authorship?.model === undefined || authorship.caps.usd !== undefined) return;
  throw new UserError(
    'option-invalid',
    `--usd ${usd} cannot be kept: nothing says what one run may spend, so that none could begin.`,
    'Add --max-usd, the most that each run may spend.',
  );
}

function amount(text: string, option: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new UserError(
    'option-invalid',
    `${option} ${text} is not an amount.`,
    `Give a number, for example ${option} 20.`,
  );
}

type Action = (
  client: import('../client/suites.js').SuiteClient,
  options: OutputOptions,
  keepWorking: () => Promise<void>,
) => Promise<void>;

function onSuite(suite: Command, name: string, description: string, action: Action): void {
  suite
    .command(name)
    .argument('[suite]', 'suite id, its beginning, or last', 'last')
    .description(description)
    .option('--json', 'print JSON')
    .addHelpText('after', `\nExample:\n  automlgen suite ${name} last`)
    .action((id: string, options: OutputOptions) => withSuite(id, options, action));
}

function addParallel(suite: Command): void {
  suite
    .command('parallel')
    .argument('<n>', 'runs at the same time')
    .argument('[suite]', 'suite id, its beginning, or last', 'last')
    .description('Change how many runs go on at the same time.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  automlgen suite parallel 2 last')
    .action((text: string, id: string, options: OutputOptions) => {
      const runs = whole(text, 'parallel', 1);
      return withSuite(id, options, async (client) => told(await client.setParallel(runs), options));
    });
}

async function withSuite(name: string, options: OutputOptions, action: Action): Promise<void> {
  const { openSession } = await import('./session.js');
  const { latestSuites, suiteClient } = await import('../client/suites.js');
  const session = await openSession({ worker: true, quiet: options.json ?? false });
  try {
    const suiteId = chosen(name, await latestSuites(session.temporal.client, 1000));
    await action(suiteClient(session.temporal.client, suiteId), options, session.keepWorking);
  } finally {
    await session.close();
  }
}

function chosen(name: string, suites: readonly string[]): string {
  const [latest] = suites;
  if (name === 'last' && latest !== undefined) return latest;
  const exact = suites.find((id) => id === name);
  const matches = exact === undefined ? suites.filter((id) => id.startsWith(name)) : [exact];
  const [only] = matches;
  if (only !== undefined && matches.length === 1) return only;
  const what =
    matches.length > 1
      ? `${name} begins ${matches.length} suites: ${matches.slice(0, 5).join(', ')}.`
      : `No suite is called ${name}.`;
  throw new UserError(
    'run-unknown',
    suites.length === 0 ? 'There is no suite yet.' : what,
    suites.length === 0
      ? 'Start one with `automlgen suite run --practice`.'
      : `Name one of ${suites.slice(0, 5).join(', ')}.`,
  );
}

function told(status: SuiteStatus, options: OutputOptions): void {
  const running = status.rows.filter((row) => row.state === 'running').length;
  if (options.json) printJson(status);
  else progress(`${status.suiteId} is ${status.phase}: ${running} of at most ${status.parallel} runs are going on.`);
}
