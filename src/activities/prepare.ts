/** Freezes the split, writes the baseline submission, and tells the search what it has to work with. */
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/activity';
import { UserError } from '../domain/errors.js';
import type { TaskSource } from '../domain/task.js';
import type { Capabilities } from '../execution/port.js';
import type { EvaluationActivities } from './contract.js';
import type { Dependencies } from './dependencies.js';
import { readDescription } from './task-texts.js';

export function createPrepareRun({
  store,
  evaluator,
  executor,
  preparedFolder,
}: Dependencies): EvaluationActivities['prepareRun'] {
  return async ({ runId, source, config }) => {
    const capabilities = await executor.capabilities();
    if (config.requireSandbox && !PROTECTED.has(capabilities.sandbox)) throw permanent(sandboxMissing(capabilities));
    const prepared = await evaluator
      .prepare({
        source,
        splitSeed: config.splitSeed,
        mode: config.mode,
        cheapPrograms: config.author === 'composer',
        folder: join(preparedFolder, runId),
      })
      .catch((error: unknown) => {
        throw error instanceof UserError ? permanent(error) : error;
      });
    await mkdir(config.resultsFolder, { recursive: true });
    await copyFile(prepared.baselineSubmission, join(config.resultsFolder, 'submission.csv'));
    const described = await readDescription(source);
    const missing = described === undefined ? descriptionMissing(source) : [];
    const warnings = [...prepared.card.warnings, ...missing, ...sandboxWarnings(capabilities)];
    await store.runs.save({
      runId,
      source,
      config,
      prepared,
      ...(described !== undefined && { description: await store.blobs.save(described) }),
      sandbox: capabilities.sandbox,
      warnings,
      phase: 'searching',
    });
    return {
      baseline: prepared.baseline,
      mode: prepared.split.mode,
      firstViews: [prepared.split.mode === 'folds' ? 'fold1' : 'main'],
      capacity: capabilities.slots,
      title: prepared.card.title,
      warnings,
    };
  };
}

/** Only a description that was named is missed. */
function descriptionMissing({ task }: TaskSource): readonly string[] {
  if (task.description === undefined) return [];
  return [`The description ${task.description} is not there: authors are told the task's title in its place.`];
}

/** Levels at which a program is kept from the answers by more than the rights of files. */
const PROTECTED: ReadonlySet<Capabilities['sandbox']> = new Set(['full', 'pod']);

function sandboxWarnings(capabilities: Capabilities): readonly string[] {
  if (capabilities.sandbox === 'full') return [];
  return [`Sandbox level ${capabilities.sandbox}, network ${capabilities.network}.`, ...capabilities.notes];
}

function sandboxMissing(capabilities: Capabilities): UserError {
  const why = capabilities.notes.join(' ');
  return new UserError(
    'sandbox-missing',
    `The sandbox of this machine has level ${capabilities.sandbox}, and a full one was required. ${why}`,
    'Run `automlgen doctor --only sandbox`, or leave out --require-sandbox.',
  );
}

function permanent(error: UserError): ApplicationFailure {
  return ApplicationFailure.nonRetryable(error.message, error.code, error.next);
}
