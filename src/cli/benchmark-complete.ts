/** `automlgen benchmark complete`: a submission in the very form that the benchmark asks for. */
import { copyFile, rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';

export function addBenchmarkComplete(benchmark: Command): void {
  benchmark
    .command('complete')
    .argument('<folder>', 'imported task folder')
    .argument('<submission>', 'submission.csv of a run')
    .description('Write a submission in the form of the benchmark: where rows were numbered, with its own columns.')
    .requiredOption('--to <file>', 'where to write it; replaced only by a whole file')
    .addHelpText(
      'after',
      '\nExample:\n  automlgen benchmark complete insults runs/<run>/submission.csv --to submission.csv',
    )
    .action(completeCommand);
}

async function completeCommand(folder: string, submission: string, options: { readonly to: string }): Promise<void> {
  const { readImport } = await import('../tasks/importers/benchmark-folder.js');
  const { completedSubmission } = await import('../benchmarks/complete.js');
  const { plan } = await readImport(folder);
  const to = resolve(options.to);
  const text = await completedSubmission(plan, submission);
  if (text === undefined) await copyFile(submission, `${to}.new`);
  else await writeFile(`${to}.new`, text);
  await rename(`${to}.new`, to);
  console.log(to);
}
