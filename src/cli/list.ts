/** `automlgen list`: the runs of this installation, latest first. */
import type { Command } from 'commander';
import { UserError } from '../domain/errors.js';
import type { ModelMeter } from '../domain/model-meter.js';
import { moneyText } from '../results/model-usage.js';
import { scoreText } from '../results/number.js';
import type { RunRecord } from '../store/runs.js';
import type { Store } from '../store/store.js';
import { type OutputOptions, printJson, printTable } from './output.js';
import { whole } from './whole.js';

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
        const found = await session.store.runs.latest(limit);
        const runs = await Promise.all(
          found.map(async (run) => ({
            run,
            model: await modelOf(session.store, run),
            phase: await phaseOf(run, () => session.run(run.runId).state()),
          })),
        );
        if (options.json) return printJson(runs.map(summaryOf));
        printTable(
          [
            { title: 'run' },
            { title: 'started' },
            { title: 'phase' },
            { title: 'metric' },
            { title: 'estimate', align: 'right' },
            { title: 'private', align: 'right' },
            { title: 'model', align: 'right' },
          ],
          runs.map(rowOf),
        );
      } finally {
        await session.close();
      }
    });
}

interface Listed {
  readonly run: RunRecord;
  readonly model: ModelMeter | undefined;
  readonly phase: string;
}

/** A run that was ended from outside could not say so: the workflow engine knows. `gone`: it has forgotten the run. */
export async function phaseOf(
  { phase, endedAt }: Pick<RunRecord, 'phase' | 'endedAt'>,
  engineState: () => Promise<string>,
): Promise<string> {
  if (endedAt !== undefined) return phase ?? 'unknown';
  const state = await engineState().catch((error: unknown) => {
    if (error instanceof UserError && error.code === 'run-closed') return 'gone';
    throw error;
  });
  return state === 'running' ? (phase ?? 'preparing') : state;
}

/** A run that asks no model has no meter to look for. */
async function modelOf({ calls }: Store, { runId, config }: RunRecord): Promise<ModelMeter | undefined> {
  return config.author === 'composer' ? undefined : calls.meter(runId);
}

function rowOf({ run, model, phase }: Listed): readonly string[] {
  const { result } = run;
  return [
    run.runId,
    run.startedAt.toISOString().slice(0, 16).replace('T', ' '),
    phase,
    run.source.task.metric,
    result?.estimate ? scoreText(result.estimate) : '',
    result?.grade ? scoreText(result.grade.score) : '',
    model ? moneyText(model.paid.usd) : '',
  ];
}

function summaryOf({ run, model, phase }: Listed): unknown {
  const { runId, startedAt, endedAt, source, config, result } = run;
  return {
    runId,
    task: source.task.id,
    metric: source.task.metric,
    startedAt,
    endedAt,
    phase,
    policy: config.search.policy,
    author: config.author,
    ...(model && { model }),
    result,
  };
}
