/** `automlgen benchmark`: competitions, graders and reports of MLE-bench and MLE-Dojo. */
import type { Command } from 'commander';
import { addBenchmarkComplete } from './benchmark-complete.js';
import { addBenchmarkGrade } from './benchmark-grade.js';
import { addBenchmarkImport } from './benchmark-import.js';
import { addBenchmarkReport } from './benchmark-report.js';
import { addBenchmarkSnapshot } from './benchmark-snapshot.js';

export function registerBenchmark(program: Command): void {
  const benchmark = program
    .command('benchmark')
    .description('Import, grade and report competitions of MLE-bench and MLE-Dojo.')
    .addHelpText(
      'after',
      '\nExample:\n  automlgen benchmark import data/leaf-classification --mle-bench ~/mle-bench --to leaf',
    );
  addBenchmarkImport(benchmark);
  addBenchmarkGrade(benchmark);
  addBenchmarkReport(benchmark);
  addBenchmarkSnapshot(benchmark);
  addBenchmarkComplete(benchmark);
}
