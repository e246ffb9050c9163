/** `automlgen benchmark complete`: a submission in the very form that the benchmark asks for. */
import { copyFile, rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type OutputOptions, printJson } from './output.js';

export function addBenchmarkComplete(benchmark: Command): void {
  benchmark
    .command('complete')
    .argument('<folder>', 'imported task folder')
    .argument('<submission>', 'submission.csv of a run')
    .description('Write a submission in the form of the benchmark: where rows were numbered, with its own columns.')
    .requiredOption('--to <file>', 'where to write it (required); replaced only by a whole file')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  automlgen benchmark complete insults runs/<run>/submission.csv --to submission.csv',
    )
    .action(completeCommand);
}

interface CompleteOptions extends OutputOptions {
  readonly to: string;
}

async function completeCommand(folder: string, submission: string, options: CompleteOptions): Promise<void> {
  const { readImport } = await import('../tasks/importers/benchmark-folder.js');
  const { completedSubmission } = await import('../benchmarks/complete.js');
  const { plan } = await readImport(folder);
  const to = resolve(options.to);
  const text = await completedSubmission(plan, submission);
  if (text === undefined) await copyFile(submission, `${to}.new`);
  else await writeFile(`${to}.new`, text);
  await rename(`${to}.new`, to);
  if (options.json) printJson({ path: to });
  else console.log(to);
}
