/** `automlgen benchmark grade`: one submission, or a list of them, by the benchmark's own code and by our registry. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { CompetitionReport } from '../benchmarks/competition-report.js';
import type { GradingTools } from '../benchmarks/grade.js';
import { UserError } from '../domain/errors.js';
import type { BenchmarkPlan } from '../tasks/importers/benchmark-plan.js';
import { addCompetitionOptions, type CompetitionOptions, planOf } from './benchmark-import.js';
import { type OutputOptions, printJson, progress } from './output.js';
import { competitionReportLines } from './render/benchmark-report.js';

interface GradeOptions extends CompetitionOptions, OutputOptions {
  readonly submissions?: string;
  readonly output?: string;
  readonly python?: string;
  readonly own?: boolean;
}

export function addBenchmarkGrade(benchmark: Command): void {
  const command = benchmark
    .command('grade')
    .argument('[folder]', 'imported task folder, or a prepared competition')
    .argument('[submission]', 'submission.csv')
    .description("Grade a submission by the benchmark's own code and by our registry, with medals.")
    .option('--submissions <file>', 'JSON lines with competition_id and submission_path; prepared data lie in --data')
    .option('--output <folder>', 'write the reports there');
  addCompetitionOptions(command)
    .option(
      '--python <file>',
      "interpreter with what the benchmark's code imports (default: an environment of its own)",
    )
    .option('--own', 'by our registry only')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  automlgen benchmark grade leaf runs/<run>/submission.csv\n  automlgen benchmark grade --submissions all.jsonl --data ~/mle-bench-data --mle-bench ~/mle-bench --output reports',
    )
    .action(gradeCommand);
}

async function gradeCommand(
  folder: string | undefined,
  submission: string | undefined,
  options: GradeOptions,
): Promise<void> {
  if (options.submissions !== undefined) return gradeList(options.submissions, options);
  if (folder === undefined || submission === undefined) {
    throw new UserError(
      'option-invalid',
      'Neither a folder and a submission nor --submissions was given.',
      'Write `automlgen benchmark grade <folder> <submission.csv>`.',
    );
  }
  const { gradeSubmission } = await import('../benchmarks/grade.js');
  const plan = await planFrom(folder, options);
  const request = { plan, submissionPath: resolve(submission), createdAt: new Date() };
  const report = await gradeSubmission(await gradingTools(options), request);
  if (options.output !== undefined) await saved(options.output, `${plan.competitionId}_report.json`, report);
  if (options.json) printJson(report);
  else for (const line of competitionReportLines(report)) console.log(line);
}

/** An imported folder says where everything is; any other is looked at now. */
async function planFrom(folder: string, options: CompetitionOptions): Promise<BenchmarkPlan> {
  const { readImport } = await import('../tasks/importers/benchmark-folder.js');
  const { isFile } = await import('../tasks/table-files.js');
  if (await isFile(join(folder, 'benchmark.json'))) {
    const { plan } = await readImport(folder);
    return options.leaderboard === undefined ? plan : { ...plan, boards: [resolve(options.leaderboard)] };
  }
  return (await planOf(folder, options)).plan;
}

async function gradeList(path: string, options: GradeOptions): Promise<void> {
  if (options.data === undefined) {
    throw new UserError(
      'option-invalid',
      '--submissions was given without --data.',
      'Name the folder that holds <competition>/prepared, for example --data ~/.cache/mle-bench/data.',
    );
  }
  const data = options.data;
  const { parseSubmissions } = await import('../benchmarks/submissions.js');
  const { aggregateReport } = await import('../benchmarks/aggregate-report.js');
  const { gradeSubmission } = await import('../benchmarks/grade.js');
  const lines = parseSubmissions(await textOf(path), path);
  const tools = await gradingTools(options);
  const reports: CompetitionReport[] = [];
  for (const line of lines) {
    progress(`${line.competition_id} …`);
    const { plan } = await planOf(join(data, line.competition_id), { ...options, competition: line.competition_id });
    const submissionPath = resolve(dirname(path), line.submission_path);
    const seed = line.seed === undefined ? {} : { seed: line.seed };
    reports.push(await gradeSubmission(tools, { plan, submissionPath, createdAt: new Date(), ...seed }));
  }
  const report = aggregateReport(reports);
  const name = `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}-GMT_grading_report.json`;
  if (options.output !== undefined) progress(`Written: ${await saved(options.output, name, report)}`);
  if (options.json) return printJson(report);
  const { competition_reports: _, ...totals } = report;
  printJson(totals);
}

async function gradingTools(options: GradeOptions): Promise<GradingTools> {
  const { gradingPython, up } = await import('../stack/up.js');
  const { stackProgress } = await import('./stack-progress.js');
  const { python } = await up({ pieces: ['python'], onProgress: stackProgress() });
  if (options.own) return { python };
  const named = options.python;
  if (named !== undefined) return { python, foreignPython: async () => named };
  const { requirementsOf } = await import('../benchmarks/python.js');
  return {
    python,
    foreignPython: async (grader) =>
      gradingPython(await requirementsOf(python, grader), { onProgress: stackProgress() }),
  };
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new UserError('path-missing', `There is no file ${path}.`, 'Correct --submissions.');
  });
}

async function saved(folder: string, name: string, report: unknown): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
  return path;
}
