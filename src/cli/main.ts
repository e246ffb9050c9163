/** The `automlgen` command. Every command is one file beside this one; heavy modules load only when a command runs. */
import { Command } from 'commander';
import { registerAblate } from './ablate.js';
import { registerAdd } from './add.js';
import { registerBenchmark } from './benchmark.js';
import { registerDemo } from './demo.js';
import { registerDiff } from './diff.js';
import { registerDoctor } from './doctor.js';
import { reportFailure } from './failure.js';
import { registerJobs } from './jobs.js';
import { registerKnowledge } from './knowledge.js';
import { registerLedger } from './ledger.js';
import { registerList } from './list.js';
import { registerPractice } from './practice.js';
import { registerReplay } from './replay.js';
import { registerReport } from './report.js';
import { registerRun } from './run.js';
import { registerShow } from './show.js';
import { registerStack } from './stack.js';
import { registerStatus } from './status.js';
import { registerSteering } from './steer.js';
import { registerStubModel } from './stub-model.js';
import { registerSuite } from './suite.js';
import { registerWatch } from './watch.js';
import { registerWorker } from './worker.js';

function program(): Command {
  const root = new Command('automlgen')
    .description(
      'Searches the space of ML programs for a task and leaves the best one, its predictions and a score you can trust.',
    )
    .version('0.1.0')
    .showSuggestionAfterError()
    .showHelpAfterError('(run with --help for the options)')
    .configureHelp({ sortSubcommands: false })
    .exitOverride();
  const registrations = [
    registerDemo,
    registerRun,
    registerWatch,
    registerList,
    registerStatus,
    registerShow,
    registerDiff,
    registerSteering,
    registerAdd,
    registerReport,
    registerLedger,
    registerDoctor,
    registerJobs,
    registerPractice,
    registerAblate,
    registerBenchmark,
    registerSuite,
    registerKnowledge,
    registerReplay,
    registerStack,
    registerStubModel,
    registerWorker,
  ];
  for (const register of registrations) register(root);
  root.addHelpText('after', '\nStart with `automlgen demo`: a real search on bundled data, with nothing to set up.');
  // Subcommands do not inherit this from the root.
  for (const command of everyCommand(root)) command.exitOverride().showSuggestionAfterError();
  return root;
}

function everyCommand(command: Command): readonly Command[] {
  return command.commands.flatMap((child) => [child, ...everyCommand(child)]);
}

/** Runs the command line and returns the exit code: 0 fine, 1 failed, 2 unusable input. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return reportFailure(error, argv.includes('--json'));
  }
}

// A reader that has seen enough, like head, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await main(process.argv.slice(2));
