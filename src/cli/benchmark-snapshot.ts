/** `automlgen benchmark snapshot`: the submission of the best program so far, while the run goes on. */
import { rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '../domain/errors.js';
import type { PreparedTask } from '../domain/split.js';
import type { NodeRecord } from '../store/nodes.js';
import { type OutputOptions, printJson } from './output.js';

interface SnapshotOptions extends OutputOptions {
  readonly to: string;
}

export function addBenchmarkSnapshot(benchmark: Command): void {
  benchmark
    .command('snapshot')
    .argument('[run]', 'run id, its beginning, or last', 'last')
    .description('Write the submission of the best program so far; a run that goes on is not disturbed.')
    .requiredOption('--to <file>', 'where to write it (required); replaced only by a whole file')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  automlgen benchmark snapshot last --to submission.csv')
    .action(snapshotCommand);
}

async function snapshotCommand(name: string, options: SnapshotOptions): Promise<void> {
  const { openSession } = await import('./session.js');
  const session = await openSession({ worker: false, quiet: true });
  try {
    const { runId, prepared } = await session.findRun(name);
    if (prepared === undefined) {
      throw new UserError('run-unknown', `Run ${runId} has not frozen its split yet.`, 'Try again in a moment.');
    }
    const best = bestOf(await session.store.nodes.ofRun(runId));
    const to = resolve(options.to);
    if (best === undefined) await baseline(prepared, to);
    else await submissionOf(best, prepared, to, session.stack.python);
    if (options.json) printJson({ runId, node: best?.nodeId ?? null, path: to });
    else console.log(to);
  } finally {
    await session.close();
  }
}

/** The best score among programs that were scored; in a K-fold race a finalist goes before one that ran the first fold only. */
export function bestOf(nodes: readonly NodeRecord[]): NodeRecord | undefined {
  let best: NodeRecord | undefined;
  for (const node of nodes) if (isBetter(node, best)) best = node;
  return best;
}

function isBetter(node: NodeRecord, best: NodeRecord | undefined): boolean {
  const [mine, theirs] = [node.evaluation, best?.evaluation];
  if (mine?.kind !== 'valid') return false;
  if (theirs?.kind !== 'valid') return true;
  if (mine.complete !== theirs.complete) return mine.complete;
  const sign = mine.score.direction === 'minimise' ? -1 : 1;
  return sign * (mine.score.value - theirs.score.value) > 0;
}

async function baseline({ baselineSubmission }: PreparedTask, to: string): Promise<void> {
  const { copyFile } = await import('node:fs/promises');
  await copyFile(baselineSubmission, `${to}.new`);
  await rename(`${to}.new`, to);
}

async function submissionOf(best: NodeRecord, prepared: PreparedTask, to: string, python: string): Promise<void> {
  const { createPythonEvaluator } = await import('../evaluation/python.js');
  const { places } = await import('./places.js');
  const evaluator = createPythonEvaluator({ python, runtimeFolder: join(places().package, 'python') });
  try {
    const members = [{ nodeId: best.nodeId, weight: 1 }];
    await evaluator.writeSubmission({ prepared, members, refits: [], path: `${to}.new` });
    await rename(`${to}.new`, to);
  } finally {
    await evaluator.close();
  }
}
