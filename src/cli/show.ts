/** `automlgen show`: one program with everything known about it, the list of all, or the final choice. */
import type { Command } from 'commander';
import { BlobId } from '../domain/ids.js';
import { Outcome } from '../domain/outcome.js';
import { searchExecutions } from '../domain/search-outcome.js';
import { callFields } from '../results/calls-table.js';
import type { CallRow } from '../store/call-row.js';
import type { NodeExecution, NodeRecord } from '../store/nodes.js';
import type { Store } from '../store/store.js';
import { findNode } from './node-name.js';
import { type OutputOptions, printJson, printTable } from './output.js';
import { choiceLines } from './render/choice.js';
import { nodeLines, nodeRow } from './render/node.js';
import { promptLines } from './render/prompt.js';

interface ShowOptions extends OutputOptions {
  readonly run: string;
  readonly choice?: boolean;
  readonly code?: boolean;
  readonly prompts?: boolean;
}

export function registerShow(program: Command): void {
  program
    .command('show')
    .argument('[node]', 'n17, best; without it all nodes are listed')
    .description('Show a program: plan, score, how it ran, why it was made.')
    .option('--run <run>', 'run id, its beginning, or last', 'last')
    .option('--choice', 'show how the final answer was chosen')
    .option('--code', 'print the program and nothing else')
    .option('--prompts', 'print what its model was asked and what it said')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  automlgen show best --code > solution.py\n  automlgen show n17\n  automlgen show --choice',
    )
    .action(async (name: string | undefined, options: ShowOptions) => {
      const { openSession } = await import('./session.js');
      const { loadChoice } = await import('./facts.js');
      const session = await openSession({ worker: false, quiet: true });
      try {
        const run = await session.findRun(options.run);
        if (options.choice) {
          const choice = await loadChoice(run);
          if (options.json) return printJson(choice);
          for (const line of choiceLines(choice)) console.log(line);
          return;
        }
        const nodes = await session.store.nodes.ofRun(run.runId);
        if (name === undefined) return listNodes(nodes, options);
        await showNode(session.store, findNode(nodes, name), options);
      } finally {
        await session.close();
      }
    });
}

function listNodes(nodes: readonly NodeRecord[], options: ShowOptions): void {
  if (options.json) {
    printJson(nodes);
    return;
  }
  printTable(
    [
      { title: 'node' },
      { title: 'by' },
      { title: 'from' },
      { title: 'family' },
      { title: 'score', align: 'right' },
      { title: 'seconds', align: 'right' },
      { title: 'what' },
    ],
    nodes.map(nodeRow),
  );
}

async function showNode(store: Store, node: NodeRecord, options: ShowOptions): Promise<void> {
  const program = await store.blobs.readText(node.programRef);
  if (options.code) {
    process.stdout.write(program);
    return;
  }
  const calls = (await store.calls.ofRun(node.runId)).filter((call) => call.nodeId === node.nodeId);
  if (options.prompts) return showPrompts(store, node, calls, options);
  const events = await store.events.read(node.runId);
  const reserved = events.find((event) => event.kind === 'reserved' && event.nodeId === node.nodeId);
  const why = reserved?.kind === 'reserved' ? reserved.why : undefined;
  const outcomes = await Promise.all(
    allExecutions(node).map(async (execution) =>
      Outcome.parse(await store.blobs.readJson(BlobId.parse(execution.outcomeRef))),
    ),
  );
  if (options.json) return printJson({ ...node, why, outcomes, calls: calls.map(callFields), program });
  for (const line of nodeLines({ node, ...(why && { why }), outcomes, calls, program })) console.log(line);
}

/** In the order in which they ran: the search's, then those on all labels. */
function allExecutions(node: NodeRecord): readonly NodeExecution[] {
  const searched = searchExecutions(node);
  return [...searched, ...Object.values(node.executions ?? {}).filter((execution) => !searched.includes(execution))];
}

/** Prompts and replies as they went over the wire, in order. */
async function showPrompts(
  store: Store,
  node: NodeRecord,
  calls: readonly CallRow[],
  options: ShowOptions,
): Promise<void> {
  const texts = await Promise.all(
    calls.map(async (call) => ({
      call: callFields(call),
      prompt: await store.blobs.readJson(call.promptRef),
      ...(call.state === 'done' && { reply: await store.blobs.readJson(call.replyRef) }),
    })),
  );
  if (options.json) return printJson(texts);
  if (texts.length === 0) console.log(`${node.nodeId} was written without a model.`);
  for (const line of texts.flatMap(promptLines)) console.log(line);
}
