/** The evaluator of the product: the Python half, kept warm in processes of its own. */
import { z } from 'zod';
import { Evaluation, FinalChoice, Grade, MemberRefit } from '../domain/evaluation.js';
import { Recipe } from '../domain/recipe.js';
import { PreparedTask } from '../domain/split.js';
import { TaskCard } from '../domain/task-card.js';
import { call } from './call.js';
import { createPool } from './pool.js';
import type { Evaluator, EvaluatorCall } from './port.js';
import { startProcess } from './process.js';

export interface PythonEvaluatorOptions {
  /** Interpreter with the pinned packages. */
  readonly python: string;
  /** Absolute folder that holds the package `automlgen_runtime`. */
  readonly runtimeFolder: string;
  /** Warm processes that score programs; requests beyond that wait. Default 1. All other work has one more, of its own. */
  readonly processes?: number;
  /** Receives what the processes write to standard error, as it comes. Nothing by default. */
  readonly onLog?: (text: string) => void;
}

/** Longest time for one request before its process is replaced, milliseconds; `workflows/options.ts` allows for them. */
interface Timeouts {
  readonly profile: number;
  readonly prepare: number;
  readonly evaluate: number;
  readonly choose: number;
  readonly write_submission: number;
  readonly grade: number;
}

const MINUTE_MS = 60_000;
const TIMEOUTS_MS: Timeouts = {
  profile: 10 * MINUTE_MS,
  prepare: 30 * MINUTE_MS,
  evaluate: 10 * MINUTE_MS,
  choose: 30 * MINUTE_MS,
  write_submission: 10 * MINUTE_MS,
  grade: 10 * MINUTE_MS,
};

const SubmissionReply = z.object({
  rows: z.number().int().nonnegative(),
  refits: z.array(MemberRefit),
  recipe: Recipe,
});

/**
 * No process starts before the first request. Scoring takes seconds and the search waits for it; preparing, choosing and grading may take
 * minutes, so they never hold a process that scores. A process that dies is replaced and the request tried once more: every method gives
 * the same result when repeated. One that exceeds its time is replaced too, and the request given up. Faults of input are `UserError`s;
 * a defect or a second loss is an `Error` that names it.
 */
export function createPythonEvaluator(options: PythonEvaluatorOptions): Evaluator {
  const scoring = createPool(() => startProcess(options), options.processes ?? 1);
  const other = createPool(() => startProcess(options), 1);
  const ask = <T>(method: keyof Timeouts, params: unknown, schema: z.ZodType<T>, { signal }: EvaluatorCall = {}) =>
    call(method === 'evaluate' ? scoring : other, method, params, schema, TIMEOUTS_MS[method], signal);
  return {
    profile: (source) => ask('profile', source, TaskCard),
    prepare: (request, how) => ask('prepare', request, PreparedTask, how),
    evaluate: (request, how) => ask('evaluate', request, Evaluation, how),
    choose: (request, how) => ask('choose', request, FinalChoice, how),
    writeSubmission: (request, how) => ask('write_submission', request, SubmissionReply, how),
    grade: (request, how) => ask('grade', request, Grade, how),
    async close() {
      await Promise.all([scoring.close(), other.close()]);
    },
  };
}
