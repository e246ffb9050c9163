/** Checks a task with the evaluator's own eyes, then starts the run and follows it to its end. */
import { join } from 'node:path';
import type { TaskSource } from '../domain/task.js';
import type { TaskCard } from '../domain/task-card.js';
import { createPythonEvaluator } from '../evaluation/python.js';
import { up } from '../stack/up.js';
import { authorLines, COMPOSER } from './author-options.js';
import { printEnding } from './finish.js';
import { follow } from './follow.js';
import { printJson, progress } from './output.js';
import { places } from './places.js';
import { searchLine } from './preset.js';
import { openSession } from './session.js';
import { stackProgress } from './stack-progress.js';
import { type StartOptions, start } from './start.js';
import { temporalUiLink } from './temporal-ui.js';

export interface LaunchOptions {
  readonly json?: boolean;
  readonly detach?: boolean;
}

/** @throws UserError for input that no run could use, before any server is asked for anything. */
export async function launch(source: TaskSource, options: StartOptions, output: LaunchOptions): Promise<void> {
  const card = await profile(source);
  const author = authorLines(options.authorship ?? COMPOSER);
  for (const line of [...cardLines(card), searchLine(options), ...author]) progress(line);
  const session = await openSession({ worker: true });
  try {
    const run = await start(session, source, options);
    const temporalUi = temporalUiLink(session.stack.temporalUiUrl, run.runId);
    if (output.detach) {
      if (output.json) printJson({ runId: run.runId });
      else progress(`Started ${run.runId}. Watch it with \`automlgen watch ${run.runId}\`.`);
      return;
    }
    const end = await follow(run, temporalUi === undefined ? {} : { temporalUi }, session.keepWorking);
    const record = await session.store.runs.find(run.runId);
    printEnding(end, {
      run,
      metric: card.metric,
      json: output.json ?? false,
      ...(record?.prepared && { baseline: record.prepared.baseline }),
      ...(temporalUi !== undefined && { temporalUi }),
    });
  } finally {
    await session.close();
  }
}

async function profile(source: TaskSource): Promise<TaskCard> {
  const { python } = await up({ pieces: ['python'], onProgress: stackProgress() });
  const evaluator = createPythonEvaluator({ python, runtimeFolder: join(places().package, 'python') });
  try {
    return await evaluator.profile(source);
  } finally {
    await evaluator.close();
  }
}

/** What the profiler found, in three lines, so that a wrong guess is seen before the night is spent. */
function cardLines(card: TaskCard): readonly string[] {
  const features = card.columns.filter((column) => column.inTest && column.kind !== 'id').length;
  const others = (card.targets?.length ?? 1) - 1;
  const name = others > 0 ? `${card.target} and ${others} more` : card.target;
  const target = card.classes
    ? `${name} (${card.taskType}, ${card.classes.length} classes)`
    : `${name} (${card.taskType})`;
  return [
    `${card.title}: ${card.modality}, predict ${target}, metric ${card.metric} (${card.direction}).`,
    `${card.rows.train} labelled rows, ${card.rows.test} to predict, ${features} columns${card.group ? `, grouped by ${card.group}` : ''}${card.time ? `, ordered by ${card.time}` : ''}.`,
    ...card.warnings.map((warning) => `! ${warning}`),
  ];
}
