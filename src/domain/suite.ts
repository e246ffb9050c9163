/** Many runs as one measurement: competitions times seeds, and what became of each. Plain JSON, types only. */
import type { RunId } from './ids.js';
import type { RunConfig } from './run-config.js';
import type { RunResult } from './run-status.js';
import type { Cost } from './score.js';
import type { TaskSource } from './task.js';

/** One run of a suite before it has begun. */
export interface SuiteItem {
  readonly runId: RunId;
  /** Name under which the seeds of a competition are taken together. */
  readonly competition: string;
  readonly seed: number;
  readonly source: TaskSource;
  /** What differs from the suite's common configuration. */
  readonly splitSeed: number;
  readonly searchSeed: number;
  readonly resultsFolder: string;
}

export interface SuiteLimits {
  /** Runs at the same time. */
  readonly parallel: number;
  /** No run starts that could spend more, in US dollars, than this together with what is spent or promised. Absent: no limit. */
  readonly usd?: number;
  /** No run starts after this much time of the suite, milliseconds. Absent: no limit. */
  readonly wallMs?: number;
}

/** What a run tells the suite that started it. */
export interface RunReport {
  readonly runId: RunId;
  readonly state: 'done' | 'cancelled' | 'failed';
  readonly result?: RunResult;
  /** Why it failed. */
  readonly message?: string;
  readonly spent?: Cost;
  readonly nodes?: { readonly valid: number; readonly failed: number };
}

/**
 * `waiting` has not begun; `skipped` never will, because a limit of the suite or a person said so; `lost` was ended from outside and
 * left no report.
 */
export type SuiteState = 'waiting' | 'running' | 'skipped' | 'lost' | RunReport['state'];

export interface SuiteRow extends Omit<RunReport, 'state'> {
  readonly competition: string;
  readonly seed: number;
  readonly state: SuiteState;
  readonly startedMs?: number;
  readonly endedMs?: number;
}

export interface SuiteStatus {
  readonly suiteId: string;
  readonly title: string;
  readonly phase: 'running' | 'stopping' | 'packaging' | 'done' | 'cancelled';
  readonly startedMs: number;
  readonly nowMs: number;
  readonly parallel: number;
  /** Null while the price of a run's model calls is not known. */
  readonly spentUsd: number | null;
  /** In the order in which they were asked for. */
  readonly rows: readonly SuiteRow[];
  readonly folder?: string;
}

/** What the suite's workflow returns. */
export interface SuiteResult {
  readonly folder: string;
  readonly rows: readonly SuiteRow[];
}

/** The configuration that all runs of a suite share. */
export type SuiteConfig = Omit<RunConfig, 'splitSeed' | 'resultsFolder'>;
