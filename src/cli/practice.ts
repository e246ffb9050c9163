/** `automlgen practice`: the bundled competitions, to try out and to measure with. */
import type { Command } from 'commander';
import { type OutputOptions, printJson, printTable } from './output.js';
import { addPracticeBuild } from './practice-build-command.js';
import { addPracticeRun } from './practice-run-command.js';
import { addPracticeTable } from './practice-table-command.js';

export function registerPractice(program: Command): void {
  const practice = program
    .command('practice')
    .description('Bundled competitions made of real data, with private answers.')
    .addHelpText('after', '\nExample:\n  automlgen practice run p02-birthweight --budget 5m');
  practice
    .command('list')
    .description('List the bundled competitions.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  automlgen practice list')
    .action(listCommand);
  addPracticeBuild(practice);
  addPracticeRun(practice);
  addPracticeTable(practice);
}

async function listCommand(options: OutputOptions): Promise<void> {
  const { PRACTICE } = await import('../tasks/practice/catalog.js');
  if (options.json) return printJson(PRACTICE);
  printTable(
    [
      { title: 'id' },
      { title: 'data' },
      { title: 'metric' },
      { title: 'train', align: 'right' },
      { title: 'test', align: 'right' },
      { title: 'what it teaches' },
    ],
    PRACTICE.map(({ id, modality, metric, direction, rows, lesson }) => [
      id,
      modality,
      `${metric} ${direction === 'maximise' ? '↑' : '↓'}`,
      `${rows.train}`,
      `${rows.test}`,
      lesson,
    ]),
  );
}
