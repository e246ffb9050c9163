/** `automlgen worker`: does the work of the chosen task queues until it is stopped. */
import type { Command } from 'commander';
import { UserError } from '../domain/errors.js';
import { markReady } from './embedded-worker.js';
import { checkClass } from './machines.js';
import { progress } from './output.js';
import { neededPieces } from './pieces.js';
import { places } from './places.js';
import { stackProgress } from './stack-progress.js';

export function registerWorker(program: Command): void {
  program
    .command('worker')
    .description('Do the work of some or all task queues, in this process, until it is stopped.')
    .option('--queues <names>', 'comma-separated: search, author, execute, evaluate', 'search,author,execute,evaluate')
    .addHelpText('after', '\nExample:\n  automlgen worker --queues execute')
    .action(async (options: { queues: string }) => {
      const { QUEUES, startWorkers } = await import('../worker/main.js');
      const { operationsFrom } = await import('../worker/operations.js');
      const { up } = await import('../stack/up.js');
      const operations = operationsFrom(process.env);
      const queues = options.queues.split(',').map((name) => {
        const queue = QUEUES.find((known) => known === name.trim());
        if (queue) return queue;
        throw new UserError(
          'option-invalid',
          `--queues names ${name}, which is no task queue.`,
          `Choose from ${QUEUES.join(', ')}.`,
        );
      });
      const here = places();
      if (queues.includes('execute')) checkClass('AUTOMLGEN_EXECUTION_CLASS', process.env);
      const stack = await up({ onProgress: stackProgress(), pieces: neededPieces() });
      const worker = await startWorkers({
        queues,
        embeddedAddress: stack.temporalAddress,
        mongodbUri: stack.mongodbUri,
        python: stack.python,
        ...(stack.bwrap !== undefined && { bwrap: stack.bwrap }),
        packageFolder: here.package,
        blobFolder: here.blobs,
        preparedFolder: here.prepared,
        executionFolder: here.executions,
        cacheFolder: here.cache,
        workflowBundle: here.workflowBundle,
        operations,
      });
      await markReady(here);
      progress(
        `Working on ${queues.join(', ')} (pid ${process.pid}). Stop with Ctrl-C or SIGTERM; programs that run go on.`,
      );
      await worker.done;
    });
}
