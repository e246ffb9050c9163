/** `automlgen replay`: proves that today's code decides as a recorded run did, or shows where another policy would have chosen otherwise. */
import { readFile, writeFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import type { Command } from 'commander';
import { UserError } from '../domain/errors.js';
import { PolicyName } from '../domain/search-config.js';
import type { ReplayReport } from '../worker/replay.js';
import { type OutputOptions, printJson, progress } from './output.js';
import { places } from './places.js';
import { presetHelp } from './preset.js';

interface ReplayOptions extends OutputOptions {
  readonly save?: string;
  readonly policy?: string;
  readonly preset?: string;
}

export function registerReplay(program: Command): void {
  program
    .command('replay')
    .argument('[run]', 'run id, its beginning, last, a history file (*.json), or with --policy an events.jsonl', 'last')
    .description('Replay the history of a run under the present code, or its choices under the eyes of another policy.')
    .option('--save <file>', 'also write the history as JSON')
    .option('--policy <name>', `where this policy would have chosen otherwise: ${PolicyName.options.join(', ')}`)
    .option('--preset <name>', `published settings of that policy (${presetHelp()})`)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  automlgen replay last\n  automlgen replay last --save history.json\n  automlgen replay history.json\n  automlgen replay --policy greedy last\n  automlgen replay --policy mcgs-paper --preset successor runs/my-run/events.jsonl',
    )
    .action(replay);
}

async function replay(name: string, { policy, ...options }: ReplayOptions): Promise<void> {
  if (policy === undefined && options.preset !== undefined) throw alone('--preset', 'it says how --policy is set');
  if (policy !== undefined && options.save !== undefined)
    throw alone('--save', 'it writes the history, which --policy does not read');
  if (policy !== undefined) {
    const { replayPolicy } = await import('./replay-policy-command.js');
    return replayPolicy(name, { ...options, policy });
  }
  const { keepQuiet, replayHistory } = await import('../worker/replay.js');
  keepQuiet();
  const bundle = { codePath: places().workflowBundle };
  const histories = name.endsWith('.json') ? [await readHistory(name)] : await fetchHistories(name, options.save);
  const reports: ReplayReport[] = [];
  for (const history of histories) reports.push(await replayHistory(history, bundle));
  if (options.json) printJson(reports);
  else for (const report of reports) console.log(reportLine(report));
  if (reports.some((report) => report.kind === 'diverged')) process.exitCode = 1;
}

function alone(option: string, why: string): UserError {
  return new UserError('option-invalid', `${option} means nothing here: ${why}.`, 'See `automlgen replay --help`.');
}

function reportLine(report: ReplayReport): string {
  if (report.kind === 'ok') return `${styleText('green', 'OK')}: ${report.events} events replay under this code.`;
  const where = report.eventId === undefined ? '' : ` at event ${report.eventId}`;
  return `${styleText('red', 'DIVERGED')}${where}: the recorded run decided ${report.decision}, this code ${report.instead ? `decides "${report.instead}"` : 'does not'}.`;
}

async function readHistory(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UserError('path-missing', `${path} cannot be read.`, 'Name a file made by `automlgen replay --save`.', {
      cause,
    });
  });
}

/** JSON of every link of the run's chain, first to last; with `save` also written, numbered from the second on. */
async function fetchHistories(name: string, save: string | undefined): Promise<readonly string[]> {
  const { openSession } = await import('./session.js');
  const session = await openSession({ worker: false, quiet: true });
  try {
    const { runId } = await session.findRun(name);
    const histories = await session.run(runId).histories();
    for (const [index, history] of histories.entries()) {
      if (save === undefined) break;
      const path = index === 0 ? save : save.replace(/(\.json)?$/, `-${index + 1}.json`);
      await writeFile(path, history);
      progress(`Wrote ${path}.`);
    }
    return histories;
  } finally {
    await session.close();
  }
}
