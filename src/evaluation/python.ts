/** The evaluator of the product: the Python half, kept warm in processes of its own. */
import { z } from 'zod';
import { Evaluation, FinalChoice, Grade, MemberRefit } from '../domain/evaluation.js';
import { Recipe } from '../domain/recipe.js';
import { PreparedTask } from '../domain/split.js';
import { TaskCard } from '../domain/task-card.js';
import { call } from './call.js';
import { createPool } from './pool.js';
import type { Evaluator } from './port.js';
import { startProcess } from './process.js';

export interface PythonEvaluatorOptions {
  /** Interpreter with the pinned packages. */
  readonly python: string;
  /** Absolute folder that holds the package `automlgen_runtime`. */
  readonly runtimeFolder: string;
  /** Warm processes; requests beyond that wait. Default 1. */
  readonly processes?: number;
  /** Longest time for one request before its process is replaced, milliseconds. */
  readonly timeoutsMs?: Partial<Timeouts>;
  /** Receives what the processes write to standard error. Nothing by default. */
  readonly onLog?: (text: string) => void;
}

interface Timeouts {
  readonly profile: number;
  readonly prepare: number;
  readonly evaluate: number;
  readonly choose: number;
  readonly writeSubmission: number;
  readonly grade: number;
}

const MINUTE_MS = 60_000;
const TIMEOUTS_MS: Timeouts = {
  profile: 10 * MINUTE_MS,
  prepare: 30 * MINUTE_MS,
  evaluate: 10 * MINUTE_MS,
  choose: 30 * MINUTE_MS,
  writeSubmission: 10 * MINUTE_MS,
  grade: 10 * MINUTE_MS,
};

const SubmissionReply = z.object({
  rows: z.number().int().nonnegative(),
  refits: z.array(MemberRefit),
  recipe: Recipe,
});

/**
 * No process starts before the first request. A process that dies or exceeds its time is replaced, and the request is tried
 * once more: every method gives the same result when repeated. Faults of input are `UserError`s; a defect or a second loss
 * is an `Error` that names it.
 */
export function createPythonEvaluator(options: PythonEvaluatorOptions): Evaluator {
  const timeouts = { ...TIMEOUTS_MS, ...options.timeoutsMs };
  const pool = createPool(() => startProcess(options), options.processes ?? 1);
  return {
    profile: (source) => call(pool, 'profile', source, TaskCard, timeouts.profile),
    prepare: (request) => call(pool, 'prepare', request, PreparedTask, timeouts.prepare),
    evaluate: (request) => call(pool, 'evaluate', request, Evaluation, timeouts.evaluate),
    choose: (request) => call(pool, 'choose', request, FinalChoice, timeouts.choose),
    writeSubmission: (request) => call(pool, 'write_submission', request, SubmissionReply, timeouts.writeSubmission),
    grade: (request) => call(pool, 'grade', request, Grade, timeouts.grade),
    close: () => pool.close(),
  };
}
