/** Runs practice competitions one after the other and tells how each went, as entries that a table is made of. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunClient } from '../client/runs.js';
import type { RunResult } from '../domain/run-status.js';
import type { TaskSource } from '../domain/task.js';
import { loadChoice } from './facts.js';
import { faultOf } from './failure.js';
import { progress } from './output.js';
import type { PracticeEntry, PracticeKey, PracticeRow } from './practice-log.js';
import { practiceSource } from './practice-source.js';
import { openSession, type Session } from './session.js';
import { type StartOptions, start } from './start.js';

const KEEP_MS = 5_000;

export interface PracticePlan {
  readonly runs: readonly PracticeKey[];
  readonly options: StartOptions;
  /** Ends the running search, and starts no other. */
  readonly signal: AbortSignal;
}

/**
 * One run at a time: they share the machine, and a number from a shared slot means nothing. A run that fails is an entry as well and
 * stops none of the others. Returns when all have ended, or when the signal came.
 * @throws only what no run could go on without: servers that cannot be started, a log that cannot be written.
 */
export async function runPractice(plan: PracticePlan, onEntry: (entry: PracticeEntry) => Promise<void>): Promise<void> {
  const { runs, options, signal } = plan;
  const session = await openSession({ worker: true });
  try {
    for (const [index, key] of runs.entries()) {
      progress(
        `[${index + 1}/${runs.length}] ${key.competition}${key.without ? ` without ${key.without}` : ''}, builder seed ${key.builderSeed}, ${key.budgetSeconds} s …`,
      );
      const entry = await runOne(session, key, options, signal).catch((error: unknown) => failureOf(key, error));
      if (signal.aborted) return;
      if ('failed' in entry) progress(`✗ ${entry.failed.message}`);
      await onEntry(entry);
    }
  } finally {
    await session.close();
  }
}

function failureOf(key: PracticeKey, error: unknown): PracticeEntry {
  return { ...key, failed: faultOf(error) };
}

async function runOne(
  session: Session,
  key: PracticeKey,
  options: StartOptions,
  signal: AbortSignal,
): Promise<PracticeRow> {
  const source = await practiceSource(key.competition, String(key.builderSeed));
  signal.throwIfAborted();
  const run = await start(session, source, { ...options, ...(key.without !== undefined && { without: key.without }) });
  const result = await resultOf(run, session, signal);
  return rowOf(session, key, source, run, result);
}

/** The result, while somebody sees to it that a worker lives. The signal cancels the run, which then ends by itself. */
async function resultOf(run: RunClient, session: Session, signal: AbortSignal): Promise<RunResult> {
  const stop = new AbortController();
  const keeping = keepWorking(session, stop.signal);
  const stopped = new Promise<never>((_, reject) => {
    const stopNow = (): void => reject(signal.reason);
    if (signal.aborted) stopNow();
    else signal.addEventListener('abort', stopNow, { once: true });
  });
  const ended = run.result();
  for (const one of [keeping, stopped, ended]) one.catch(() => undefined);
  try {
    return await Promise.race([ended, stopped, keeping]);
  } catch (error) {
    if (signal.aborted) await run.cancel().catch(() => undefined);
    throw error;
  } finally {
    stop.abort();
  }
}

async function keepWorking(session: Session, signal: AbortSignal): Promise<never> {
  for (;;) {
    await sleep(KEEP_MS, undefined, { signal });
    await session.keepWorking();
  }
}

async function rowOf(
  session: Session,
  key: PracticeKey,
  source: TaskSource,
  run: RunClient,
  result: RunResult,
): Promise<PracticeRow> {
  const [status, record, history] = await Promise.all([
    run.status(),
    session.store.runs.find(run.runId),
    run.history(),
  ]);
  const choice = record ? await loadChoice(record) : null;
  const ended = Math.max(1, status.nodes.valid + status.nodes.failed);
  return {
    ...key,
    runId: run.runId,
    metric: source.task.metric,
    slots: status.slots,
    grade: result.grade,
    estimate: result.estimate,
    bestSingle: choice?.candidates.find((candidate) => candidate.kind === 'single')?.pooled ?? null,
    chosen: choice ? `${choice.chosen.kind} of ${choice.chosen.members.length}` : 'baseline',
    nodes: status.nodes,
    failures: { ...status.failures },
    utilisation: status.utilisation,
    eventsPerNode: history.events / ended,
    bytesPerNode: history.bytes / ended,
  };
}
