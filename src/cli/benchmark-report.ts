/** `automlgen benchmark report`: headline numbers over seeds from grading reports, ours or the benchmark's. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { SeedReports } from '../benchmarks/headline.js';
import { UserError } from '../domain/errors.js';
import { type OutputOptions, printJson } from './output.js';

interface ReportOptions extends OutputOptions {
  readonly padMissing?: boolean;
  readonly competitions?: string;
}

export function addBenchmarkReport(benchmark: Command): void {
  benchmark
    .command('report')
    .argument('<report...>', 'grading reports: one file for each seed, or files whose reports name their seed')
    .description(
      'Any-medal rate with its errors, in three ways to count: all, without leaky, without leaky and crowded.',
    )
    .option('--pad-missing', 'count competitions that a seed lacks as failures')
    .option('--competitions <file>', 'the competitions that ought to be there, one id in each line')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  automlgen benchmark report seed-1.json seed-2.json seed-3.json --pad-missing --competitions low.txt',
    )
    .action(reportCommand);
}

async function reportCommand(paths: readonly string[], options: ReportOptions): Promise<void> {
  const { headline } = await import('../benchmarks/headline.js');
  const { markdownTable } = await import('../benchmarks/markdown-table.js');
  const { bySeed } = await import('../benchmarks/report-files.js');
  const files = await Promise.all(paths.map(async (path) => ({ name: basename(path), text: await textOf(path) })));
  const seeds: readonly SeedReports[] = bySeed(files);
  const competitions =
    options.competitions === undefined ? {} : { competitions: idsIn(await textOf(options.competitions)) };
  const headlines = headline(seeds, { padMissing: options.padMissing ?? false, ...competitions });
  if (options.json) printJson({ headlines, seeds });
  else process.stdout.write(markdownTable(headlines, seeds));
}

function idsIn(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const id = line.replace(/#.*$/, '').trim();
    return id === '' ? [] : [id];
  });
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new UserError('path-missing', `There is no file ${path}.`, 'Correct the path and start again.');
  });
}
