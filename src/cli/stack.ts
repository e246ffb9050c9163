/** `automlgen stack up|down|status`: the embedded servers and tools, by hand. Other commands start them when they need them. */
import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';
import type { Command } from 'commander';
import { UserError } from '../domain/errors.js';
import type { StackConnections } from '../stack/connections.js';
import type { PieceStatus, StackStatus } from '../stack/status.js';
import { type OutputOptions, printJson, printTable, progress } from './output.js';
import { places } from './places.js';
import { stackProgress } from './stack-progress.js';

interface DownCommandOptions extends OutputOptions {
  readonly purge?: boolean;
  readonly yes?: boolean;
}

export function registerStack(program: Command): void {
  const stack = program
    .command('stack')
    .description(
      'Start, stop or look at the embedded servers and tools (for trying out; loopback only, no authentication).',
    )
    .addHelpText('after', '\nExample:\n  automlgen stack status');
  stack
    .command('up')
    .description('Fetch what is missing, start what does not run, print where everything is.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  TEMPORAL_ADDRESS=temporal.example:7233 automlgen stack up')
    .action(upCommand);
  stack
    .command('down')
    .description('Stop the worker and the servers that were started here.')
    .option('--purge', 'also remove what is stored of all runs, after asking; results folders stay')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  automlgen stack down --purge')
    .action(downCommand);
  stack
    .command('status')
    .description('Show what is installed and running; exit code 1 when something does not answer.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  automlgen stack status --json')
    .action(statusCommand);
}

async function upCommand(options: OutputOptions): Promise<void> {
  const { up } = await import('../stack/up.js');
  const connections = await up({ onProgress: stackProgress() });
  if (options.json) return printJson(connections);
  printTable([{ title: 'piece' }, { title: 'where' }], rowsOf(connections));
  progress(
    styleText('dim', 'Servers listen on this machine only and ask for no password; docs/deploy.md is for real work.'),
  );
}

function rowsOf(connections: StackConnections): readonly (readonly string[])[] {
  return [
    ['temporal', connections.temporalAddress],
    ...(connections.temporalUiUrl === undefined ? [] : [['temporal page', connections.temporalUiUrl]]),
    ['database', connections.mongodbUri.replace(/\/\/[^@/]*@/, '//***@')],
    ['python', connections.python],
    ['sandbox', connections.bwrap ?? 'none: see `automlgen doctor`'],
  ];
}

async function downCommand(options: DownCommandOptions): Promise<void> {
  const here = places();
  if (options.purge && !options.yes) await confirmPurge(here.cache);
  const [{ down }, { stopWorker }, { stopStub }] = await Promise.all([
    import('../stack/down.js'),
    import('./embedded-worker.js'),
    import('./embedded-stub.js'),
  ]);
  // Its runs wait in Temporal's file and go on with the next `up`.
  if (await stopWorker(here)) progress('  worker     stopped');
  if (await stopStub(here)) progress('  stub model stopped');
  const report = await down({
    purge: options.purge === true,
    onProgress: ({ piece, message }) => progress(`  ${piece.padEnd(10)} ${message}`),
  });
  if (options.json) return printJson(report);
  console.log(report.stopped.length === 0 ? 'Nothing was running.' : `Stopped: ${report.stopped.join(', ')}.`);
  if (report.purged !== undefined) console.log(`Removed ${report.purged}.`);
}

async function confirmPurge(cache: string): Promise<void> {
  const what = `This removes all runs with their histories, programs and prepared tables below ${cache}/data; results folders stay. It cannot be undone.`;
  if (!process.stdin.isTTY) {
    throw new UserError('option-invalid', `--purge asks first, and there is no terminal. ${what}`, 'Add --yes.');
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${what}\nType "yes" to go on: `);
  terminal.close();
  if (answer.trim().toLowerCase() !== 'yes') {
    throw new UserError(
      'option-invalid',
      `The answer was "${answer.trim()}"; nothing was removed.`,
      'Type yes to remove it.',
    );
  }
}

async function statusCommand(options: OutputOptions): Promise<void> {
  const { status } = await import('../stack/status.js');
  const found = await status();
  if (found.pieces.some((piece) => piece.state === 'unhealthy')) process.exitCode = 1;
  if (options.json) return printJson(found);
  printStatus(found);
}

function printStatus({ cache, pieces, notes }: StackStatus): void {
  printTable(
    [{ title: 'piece' }, { title: 'state' }, { title: 'version' }, { title: 'where' }],
    pieces.map((piece) => [piece.piece, coloured(piece), piece.version, piece.uiUrl ?? piece.where]),
  );
  for (const { piece, problem, logPath } of pieces) {
    if (problem !== undefined) progress(`${piece}: ${problem}${logPath === undefined ? '' : ` (log: ${logPath})`}`);
  }
  for (const note of notes) progress(note);
  progress(styleText('dim', `cache: ${cache}`));
}

function coloured({ state, pid }: PieceStatus): string {
  const text = pid === undefined ? state : `${state} (pid ${pid})`;
  if (state === 'unhealthy') return styleText('red', text);
  return state === 'stopped' || state === 'missing' ? styleText('yellow', text) : styleText('green', text);
}
