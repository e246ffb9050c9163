/** `automlgen jobs`: what runs where in the cluster, since when, and why something waits. */
import type { Command } from 'commander';
import { type OutputOptions, printJson, progress } from './output.js';

interface JobsOptions extends OutputOptions {
  readonly run?: string;
  readonly class?: string;
  readonly all?: boolean;
  readonly sweep?: boolean;
}

export function registerJobs(program: Command): void {
  program
    .command('jobs')
    .description('Show the programs that run as Kubernetes Jobs: where, since when, and why one waits.')
    .option('--run <id>', 'only those of this run; the beginning of its id is enough')
    .option('--class <name>', 'only those of this class of machines')
    .option('--all', 'also those that have ended and are not removed yet')
    .option('--sweep', 'remove Jobs whose run has ended; the rest is left alone')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  automlgen jobs\n  automlgen jobs --run p02 --json\n  automlgen jobs --sweep')
    .action((options: JobsOptions) => (options.sweep ? sweep(options) : list(options)));
}

async function list(options: JobsOptions): Promise<void> {
  const { createGateway } = await import('../execution/kubernetes/gateway.js');
  const { clusterPlace } = await import('./cluster-place.js');
  const { clusterJobs } = await import('./cluster-jobs.js');
  const place = clusterPlace();
  const gateway = createGateway(place.context);
  try {
    const jobs = await clusterJobs(gateway, place.namespace, {
      ...(options.run !== undefined && { run: options.run }),
      ...(options.class !== undefined && { class: options.class }),
      ended: options.all ?? false,
    });
    if (options.json) return printJson({ namespace: place.namespace, jobs });
    const { jobLines, jobTotals } = await import('./render/jobs.js');
    if (jobs.length > 0)
      for (const line of jobLines(jobs, new Date(), process.stdout.columns ?? Infinity)) console.log(line);
    progress(`${jobTotals(jobs)} Namespace ${place.namespace} at ${gateway.server}.`);
  } finally {
    gateway.close();
  }
}

/** With the same rule as a worker at its start: a Job that no store knows is not ours to remove. */
async function sweep(options: OutputOptions): Promise<void> {
  const { sweepCluster } = await import('./sweep.js');
  const report = await sweepCluster();
  if (report.failed.length > 0) process.exitCode = 1;
  if (options.json) return printJson(report);
  for (const id of report.removed) console.log(`removed ${id}`);
  for (const { id, why } of report.failed) progress(`${id} cannot be removed: ${why}`);
  progress(`${report.removed.length} removed, ${report.kept.length} kept, ${report.failed.length} failed.`);
}
