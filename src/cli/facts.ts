/** The facts of a run, read back from the store and its results folder. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../domain/errors.js';
import { FinalChoice } from '../domain/evaluation.js';
import type { RunFacts } from '../results/facts.js';
import type { RunRecord } from '../store/runs.js';
import type { Store } from '../store/store.js';

/** @throws UserError `run-unknown` while the run has no frozen split to report on. */
export async function loadFacts(store: Store, run: RunRecord): Promise<RunFacts> {
  const { prepared } = run;
  if (!prepared)
    throw new UserError('run-unknown', `Run ${run.runId} has not frozen its split yet.`, 'Try again in a moment.');
  const [nodes, events, choice, model, calls, ledger] = await Promise.all([
    store.nodes.ofRun(run.runId),
    store.events.read(run.runId),
    loadChoice(run),
    store.calls.meter(run.runId),
    store.calls.ofRun(run.runId),
    store.ledger.ofRun(run.runId),
  ]);
  return {
    run: { ...run, prepared },
    nodes,
    events,
    choice,
    ledger,
    grade: run.result?.grade ?? null,
    reason: run.result?.reason ?? 'it is still going on',
    ...(run.result?.message !== undefined && { message: run.result.message }),
    ...(model && { model, calls }),
  };
}

/** The choice table of a finished run; null while there is none. */
export async function loadChoice(run: RunRecord): Promise<FinalChoice | null> {
  const text = await readFile(join(run.config.resultsFolder, 'choice.json'), 'utf8').catch(() => 'null');
  return FinalChoice.nullable().parse(JSON.parse(text));
}
