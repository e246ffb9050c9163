/** `automlgen watch`: the live view of a run that is under way. */
import type { Command } from 'commander';

export function registerWatch(program: Command): void {
  program
    .command('watch')
    .argument('[run]', 'run id, its beginning, or last', 'last')
    .description('Watch a run until it ends. Ctrl-C stops watching, not the run.')
    .option('--json', 'print the result as JSON when it ends')
    .addHelpText('after', '\nExample:\n  automlgen watch last')
    .action(async (name: string, options: { readonly json?: boolean }) => {
      const { openSession } = await import('./session.js');
      const { follow } = await import('./follow.js');
      const { printEnding } = await import('./finish.js');
      const { temporalUiLink } = await import('./temporal-ui.js');
      const session = await openSession({ worker: true });
      try {
        const record = await session.findRun(name);
        const run = session.run(record.runId);
        const temporalUi = temporalUiLink(session.stack.temporalUiUrl, record.runId);
        const end = await follow(run, temporalUi === undefined ? {} : { temporalUi }, session.keepWorking);
        printEnding(end, {
          run,
          metric: record.source.task.metric,
          json: options.json ?? false,
          ...(record.prepared && { baseline: record.prepared.baseline }),
          ...(temporalUi !== undefined && { temporalUi }),
        });
      } finally {
        await session.close();
      }
    });
}
