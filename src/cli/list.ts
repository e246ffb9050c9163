/** `automlgen list`: the runs of this installation, latest first. */
import type { Command } from 'commander';
import { scoreText } from '../results/number.js';
import type { RunRecord } from '../store/runs.js';
import { type OutputOptions, printJson, printTable } from './output.js';
import { whole } from './run-options.js';

export function registerList(program: Command): void {
  program
    .command('list')
    .description('List runs, latest first.')
    .option('--limit <n>', 'at most this many', '20')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  automlgen list --limit 5')
    .action(async (options: OutputOptions & { readonly limit: string }) => {
      const limit = whole(options.limit, '--limit', 1);
      const { openSession } = await import('./session.js');
      const session = await openSession({ worker: false, quiet: options.json ?? false });
      try {
        const runs = await session.store.runs.latest(limit);
        if (options.json) return printJson(runs.map(summaryOf));
        printTable(
          [
            { title: 'run' },
            { title: 'started' },
            { title: 'phase' },
            { title: 'metric' },
            { title: 'estimate', align: 'right' },
            { title: 'private', align: 'right' },
          ],
          runs.map(rowOf),
        );
      } finally {
        await session.close();
      }
    });
}

function rowOf(run: RunRecord): readonly string[] {
  const { result } = run;
  return [
    run.runId,
    run.startedAt.toISOString().slice(0, 16).replace('T', ' '),
    run.phase ?? 'unknown',
    run.source.task.metric,
    result?.estimate ? scoreText(result.estimate) : '',
    result?.grade ? scoreText(result.grade.score) : '',
  ];
}

function summaryOf(run: RunRecord): unknown {
  const { runId, startedAt, endedAt, phase, source, config, result } = run;
  return {
    runId,
    task: source.task.id,
    metric: source.task.metric,
    startedAt,
    endedAt,
    phase,
    policy: config.search.policy,
    result,
  };
}
