/** `pause`, `resume`, `finish`, `cancel`: one word to a run. Also `hint`, `prune` and `pin`. */
import type { Command } from 'commander';
import type { SteeringOrder } from '../client/runs.js';
import { UserError } from '../domain/errors.js';
import type { NodeId } from '../domain/ids.js';
import { isNodeId } from './node-name.js';
import { type OutputOptions, printJson } from './output.js';

export function registerSteering(program: Command): void {
  simple(program, 'pause', 'Start nothing new and stop the clock; programs that run go on.');
  simple(program, 'resume', 'Go on after a pause, or try again at once when blocked.');
  simple(program, 'finish', 'Stop searching now; choose, refit and package what was found.');
  program
    .command('cancel')
    .argument('[run]', 'run id, its beginning, or last', 'last')
    .description('Cancel a run: its programs are stopped and the best submission so far is packaged.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  automlgen cancel last')
    .action((name: string, options: OutputOptions) => cancel(name, options));
  withText(program, 'hint', '<text>', 'Tell the author of programs something.', (text) => ({ kind: 'hint', text }));
  withText(program, 'prune', '<node>', 'Close a node: nothing below it is developed further.', (text) => ({
    kind: 'prune',
    nodeId: nodeOf(text),
  }));
  withText(program, 'pin', '<node>', 'Keep a node on the shortlist of the final choice.', (text) => ({
    kind: 'pin',
    nodeId: nodeOf(text),
  }));
}

function simple(program: Command, kind: 'pause' | 'resume' | 'finish', description: string): void {
  program
    .command(kind)
    .argument('[run]', 'run id, its beginning, or last', 'last')
    .description(description)
    .option('--json', 'print JSON')
    .addHelpText('after', `\nExample:\n  automlgen ${kind} last`)
    .action((name: string, options: OutputOptions) => send(name, { kind }, options));
}

function withText(
  program: Command,
  name: string,
  argument: string,
  description: string,
  orderOf: (text: string) => SteeringOrder,
): void {
  program
    .command(name)
    .argument(argument)
    .argument('[run]', 'run id, its beginning, or last', 'last')
    .description(description)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `\nExample:\n  automlgen ${name} ${argument === '<text>' ? '"try ordinal targets"' : 'n17'} last`,
    )
    .action((text: string, run: string, options: OutputOptions) => send(run, orderOf(text), options));
}

function nodeOf(text: string): NodeId {
  const id = /^\d+$/.test(text) ? `n${text}` : text;
  if (isNodeId(id)) return id;
  throw new UserError(
    'node-unknown',
    `${text} is not the name of a node.`,
    'Nodes are called n1, n2, …; see them with `automlgen show`.',
  );
}

async function send(name: string, order: SteeringOrder, options: OutputOptions): Promise<void> {
  const { openSession } = await import('./session.js');
  const session = await openSession({ worker: true, quiet: options.json ?? false });
  try {
    const record = await session.findRun(name);
    const answer = await session.run(record.runId).steer(order);
    if (options.json) return printJson({ runId: record.runId, ...answer });
    console.log(`${record.runId}: ${answer.message}`);
  } finally {
    await session.close();
  }
}

async function cancel(name: string, options: OutputOptions): Promise<void> {
  const { openSession } = await import('./session.js');
  const session = await openSession({ worker: true, quiet: options.json ?? false });
  try {
    const record = await session.findRun(name);
    await session.run(record.runId).cancel();
    if (options.json) return printJson({ runId: record.runId, cancelled: true });
    console.log(
      `${record.runId} is being cancelled; what it found so far is packaged in ${record.config.resultsFolder}.`,
    );
  } finally {
    await session.close();
  }
}
