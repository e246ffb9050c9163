/** `automlgen ledger`: every model call of a run, with its tokens, its price and what became of it; and what its programs have taken. */
import type { Command } from 'commander';
import { callFields, callsCsv } from '../results/calls-table.js';
import { executionLine, executionUse } from '../results/execution-use.js';
import { usageLine } from '../results/model-usage.js';
import { meterOf } from '../store/call-row.js';
import { type OutputOptions, printJson, printTable } from './output.js';
import { CALL_COLUMNS, callCells } from './render/call.js';

interface LedgerOptions extends OutputOptions {
  readonly node?: string;
  readonly csv?: boolean;
}

export function registerLedger(program: Command): void {
  program
    .command('ledger')
    .argument('[run]', 'run id, its beginning, or last', 'last')
    .description(
      'List the model calls of a run: tokens, money, seconds, and which were lost; and what its programs took.',
    )
    .option('--node <node>', 'only the calls of one proposal')
    .option('--csv', 'print CSV')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  automlgen ledger last --csv > calls.csv\n  automlgen ledger last --node n17')
    .action(ledger);
}

async function ledger(name: string, { node, csv, json }: LedgerOptions): Promise<void> {
  const { openSession } = await import('./session.js');
  const session = await openSession({ worker: false, quiet: true });
  try {
    const { runId, config } = await session.findRun(name);
    const all = await session.store.calls.ofRun(runId);
    const rows = node === undefined ? all : all.filter((row) => row.nodeId === node);
    const [ledger, nodes] = await Promise.all([session.store.ledger.ofRun(runId), session.store.nodes.ofRun(runId)]);
    const use = executionUse(
      ledger,
      nodes.filter(({ nodeId }) => node === undefined || nodeId === node),
    );
    if (json) return printJson({ meter: meterOf(rows), calls: rows.map(callFields), executions: use });
    if (csv) {
      process.stdout.write(callsCsv(rows));
      return;
    }
    if (rows.length === 0)
      console.log(node === undefined ? `${runId} has asked no model.` : `${node} has asked no model.`);
    else {
      printTable(CALL_COLUMNS, rows.map(callCells));
      console.log(`\n${usageLine(meterOf(rows), node === undefined ? config.caps : {})}`);
    }
    console.log(executionLine(use));
  } finally {
    await session.close();
  }
}
