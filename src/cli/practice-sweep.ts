/** The runs of a plan, as far as its log lacks them: what `practice run` and `ablate` have in common. */
import { progress } from './output.js';
import {
  appendEntry,
  isFailure,
  keyText,
  missing,
  type PracticeEntry,
  type PracticeKey,
  readLog,
  settled,
} from './practice-log.js';
import type { StartOptions } from './start.js';

/** Exit code after Ctrl-C. */
const INTERRUPTED = 130;

/** Carries runs out one after the other and tells of each that ended, failed ones included. */
export type RunAll = (runs: readonly PracticeKey[], onEntry: (entry: PracticeEntry) => Promise<void>) => Promise<void>;

export interface Sweep {
  /** One entry for each planned run that has ended, now or before: its result, else its last failure. */
  readonly known: readonly PracticeEntry[];
  readonly planned: number;
  readonly log?: string;
}

/**
 * Runs what has no result in the log yet; each entry is in the log before the next run begins, so that the same command goes on from there.
 * Nothing is run when nothing is missing.
 * @throws UserError `option-invalid` for a log that is none, and whatever `run` could not go on without.
 */
export async function runMissing(
  planned: readonly PracticeKey[],
  log: string | undefined,
  run: RunAll,
): Promise<Sweep> {
  const entries: PracticeEntry[] = log === undefined ? [] : [...(await readLog(log))];
  const runs = missing(planned, entries);
  if (runs.length < planned.length) progress(`${planned.length - runs.length} of ${planned.length} are in ${log}.`);
  if (runs.length > 0) {
    await run(runs, async (entry) => {
      entries.push(entry);
      if (log !== undefined) await appendEntry(log, entry);
    });
  }
  const asked = new Set(planned.map(keyText));
  const known = settled(entries).filter((entry) => asked.has(keyText(entry)));
  return { known, planned: planned.length, ...(log === undefined ? {} : { log }) };
}

/** The real thing: servers are started once for all runs. */
export function withServers(options: StartOptions, signal: AbortSignal): RunAll {
  return async (runs, onEntry) => {
    const { runPractice } = await import('./practice-run.js');
    await runPractice({ runs, options, signal }, onEntry);
  };
}

/** 0 when every run has a result, 1 when one failed, 130 after Ctrl-C, which is told with how far it came. */
export function exitCodeOf({ known, planned, log }: Sweep, { aborted }: AbortSignal): number {
  if (!aborted) return known.some(isFailure) ? 1 : 0;
  progress(`Stopped after ${known.length} of ${planned} runs.${log ? ' The same command goes on from here.' : ''}`);
  return INTERRUPTED;
}

/** Aborted by the first Ctrl-C; the second one ends the command at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => {
    progress('\nCancelling the run that is going on …');
    controller.abort();
  });
  return controller.signal;
}
