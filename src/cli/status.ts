/** `automlgen status`: where a run stands, from the run itself. */
import type { Command } from 'commander';
import { type OutputOptions, printJson } from './output.js';
import { liveLines } from './render/live.js';

export function registerStatus(program: Command): void {
  program
    .command('status')
    .argument('[run]', 'run id, its beginning, or last', 'last')
    .description('Show where a run stands.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  automlgen status last --json')
    .action(async (name: string, options: OutputOptions) => {
      const { openSession } = await import('./session.js');
      const { temporalUiLink } = await import('./temporal-ui.js');
      const session = await openSession({ worker: true, quiet: options.json ?? false });
      try {
        const record = await session.findRun(name);
        const run = session.run(record.runId);
        const [told, graph, model] = await Promise.all([
          run.status(),
          run.graph(),
          session.store.calls.meter(record.runId),
        ]);
        // The ledger is ahead of the run, which hears of it with each proposal.
        const status = model === undefined ? told : { ...told, model, caps: record.config.caps };
        if (options.json) return printJson(status);
        const temporalUi = temporalUiLink(session.stack.temporalUiUrl, record.runId);
        const screen = { columns: process.stdout.columns ?? 120, rows: 40 };
        for (const line of liveLines(status, graph, temporalUi === undefined ? {} : { temporalUi }, screen))
          console.log(line);
      } finally {
        await session.close();
      }
    });
}
