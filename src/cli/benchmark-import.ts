/** `automlgen benchmark import`: a prepared competition becomes a task folder that `run` understands. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { PlannedBenchmark } from '../tasks/importers/benchmark-plan.js';
import { type OutputOptions, printJson, progress } from './output.js';

export interface CompetitionOptions {
  readonly mleBench?: string;
  readonly competition?: string;
  readonly leaderboard?: string;
  readonly data?: string;
}

interface ImportOptions extends CompetitionOptions, OutputOptions {
  readonly to?: string;
}

export function addBenchmarkImport(benchmark: Command): void {
  const command = benchmark
    .command('import')
    .argument('<folder>', 'prepared competition: <id> with prepared/public, or a competition folder of MLE-Dojo')
    .description('Make a task folder of a prepared competition; answers stay where they are.')
    .option('--to <folder>', 'where to put it (default: imported/<id>)');
  addCompetitionOptions(command)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  automlgen benchmark import data/leaf-classification --mle-bench ~/mle-bench --to leaf\n  automlgen run leaf --budget 2h\n  automlgen benchmark grade leaf runs/<run>/submission.csv',
    )
    .action(importCommand);
}

export function addCompetitionOptions(command: Command): Command {
  return command
    .option('--mle-bench <checkout>', 'checkout of MLE-bench: names files, metric, grader and leaderboard')
    .option('--competition <id>', 'id in the checkout (default: the name of the folder)')
    .option('--leaderboard <file>', 'board to use instead, such as one of MLE-Dojo')
    .option('--data <folder>', 'MLE-Dojo: prepared data, if not <folder>/data');
}

async function importCommand(folder: string, options: ImportOptions): Promise<void> {
  const { writeImport } = await import('../tasks/importers/benchmark-folder.js');
  const planned = await planOf(folder, options);
  const imported = await writeImport(planned, options.to ?? resolve('imported', planned.plan.competitionId));
  if (options.json) return printJson(imported);
  for (const note of imported.plan.notes) progress(`! ${note}`);
  for (const note of await problemNotes(imported.plan.competitionId)) progress(`! ${note}`);
  console.log(imported.folder);
}

/** @throws UserError for a folder that is neither benchmark's. */
export async function planOf(folder: string, options: CompetitionOptions): Promise<PlannedBenchmark> {
  const { isMleDojo, planMleDojo } = await import('../tasks/importers/mle-dojo.js');
  if (await isMleDojo(folder)) {
    return planMleDojo({ folder, ...(options.data !== undefined && { data: options.data }) });
  }
  const { planMleBench } = await import('../tasks/importers/mle-bench.js');
  return planMleBench({
    folder,
    ...(options.mleBench !== undefined && { checkout: options.mleBench }),
    ...(options.competition !== undefined && { competitionId: options.competition }),
    ...(options.leaderboard !== undefined && { leaderboard: options.leaderboard }),
  });
}

async function problemNotes(competitionId: string): Promise<readonly string[]> {
  const { problemOf, problemText } = await import('../benchmarks/known-problems.js');
  const problem = problemOf(competitionId);
  return problem ? [problemText(problem)] : [];
}
