/** `automlgen report`: the report of a run, finished or not, from the store. */
import type { Command } from 'commander';
import { reportMarkdown } from '../results/report.js';
import { type OutputOptions, printJson } from './output.js';

export function registerReport(program: Command): void {
  program
    .command('report')
    .argument('[run]', 'run id, its beginning, or last', 'last')
    .description('Print the report of a run: result, choice, best programs, failures, how far to trust it.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  automlgen report last > report.md')
    .action(async (name: string, options: OutputOptions) => {
      const { openSession } = await import('./session.js');
      const { loadFacts } = await import('./facts.js');
      const session = await openSession({ worker: false, quiet: true });
      try {
        const facts = await loadFacts(session.store, await session.findRun(name));
        if (options.json) return printJson(facts);
        process.stdout.write(reportMarkdown(facts));
      } finally {
        await session.close();
      }
    });
}
