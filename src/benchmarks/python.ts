/** Asks the Python side about boards, requirements and scores, and runs a benchmark's own grading code in its own interpreter. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode, UserError } from '../domain/errors.js';
import type { BenchmarkPlan, ForeignGrader } from '../tasks/importers/benchmark-plan.js';
import { Board } from './board.js';

const PYTHON_FOLDER = fileURLToPath(new URL('../../python', import.meta.url));
const FOREIGN = fileURLToPath(new URL('../../python/automlgen_runtime/benchmarks/foreign.py', import.meta.url));
const TIMEOUT_MS = 30 * 60_000;
const LOG_TAIL = 2_000;

/** `fault`: `submission` where the submission is at fault or the code raised on it, `grader` where the code could not be loaded. */
export const ForeignGrade = z.object({
  score: z.number().nullable(),
  reason: z.string(),
  fault: z.enum(['none', 'submission', 'grader']),
  missingModule: z.string().optional(),
});
export type ForeignGrade = z.infer<typeof ForeignGrade>;

export const OwnGrade = z.object({ score: z.number().nullable(), reason: z.string() });
export type OwnGrade = z.infer<typeof OwnGrade>;

export const Registry = z.object({
  /** Absent where no submission was named, or where there are no answers. */
  own: OwnGrade.optional(),
  /** Facts of the first board; absent where there is none. */
  board: Board.optional(),
  /** Scores of all boards. */
  boards: z.array(z.array(z.number())),
});
export type Registry = z.infer<typeof Registry>;

const Fault = z.object({ error: z.object({ code: z.string(), message: z.string(), next: z.string() }) });

/**
 * What our side says: the submission's score by our registry (null with a reason where it has no opinion), and the boards.
 * @throws UserError `benchmark-invalid`, `path-missing` for a board that is none
 */
export function askRegistry(python: string, plan: BenchmarkPlan, submission: string | undefined): Promise<Registry> {
  const { answers, metric, idColumns, columns, boards } = plan;
  const own =
    answers === undefined || submission === undefined
      ? null
      : { answers, submission, metric: metric ?? null, idColumns, columns };
  return asked(python, 'grade', { boards, own }, Registry);
}

/** Requirement lines of the packages that the grading code imports. */
export async function requirementsOf(python: string, grader: ForeignGrader): Promise<readonly string[]> {
  const request = { entry: grader.entry, ...(grader.checkout !== undefined && { checkout: grader.checkout }) };
  const reply = await asked(python, 'requirements', request, z.object({ requirements: z.array(z.string()) }));
  return reply.requirements;
}

/** The submission's score by the benchmark's own code, run in `python`, which need not be ours. Never throws for what that code does. */
export async function foreignGrade(
  python: string,
  grader: ForeignGrader,
  files: { readonly answers: string; readonly submission: string },
  timeoutMs = TIMEOUT_MS,
): Promise<ForeignGrade> {
  const { code, stdout, stderr } = await run(python, ['-I', FOREIGN], { ...grader, ...files }, {}, timeoutMs);
  const parsed = ForeignGrade.safeParse(jsonOf(stdout));
  if (parsed.success) return parsed.data;
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return {
    score: null,
    fault: 'grader',
    reason: `The grading process ended with ${code} and said nothing. ${last}`.trim(),
  };
}

async function asked<T>(python: string, method: string, request: unknown, schema: z.ZodType<T>): Promise<T> {
  const environment = { PYTHONPATH: PYTHON_FOLDER, PYTHONDONTWRITEBYTECODE: '1' };
  const { code, stdout, stderr } = await run(
    python,
    ['-m', 'automlgen_runtime.benchmarks', method],
    request,
    environment,
    TIMEOUT_MS,
  );
  const reply = jsonOf(stdout);
  const fault = Fault.safeParse(reply);
  if (fault.success && isErrorCode(fault.data.error.code)) {
    throw new UserError(fault.data.error.code, fault.data.error.message, fault.data.error.next);
  }
  const parsed = schema.safeParse(reply);
  if (parsed.success) return parsed.data;
  throw new Error(`Asking Python for ${method} failed with ${code}: ${stderr.trim().split('\n').at(-1) ?? ''}`);
}

interface Ended {
  /** Exit code, or the signal that ended it. */
  readonly code: string;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  program: string,
  args: readonly string[],
  request: unknown,
  environment: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      env: { ...harmless(), ...environment },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-LOG_TAIL);
    });
    child.on('error', (cause) => {
      fail(
        new UserError('python-missing', `${program} cannot be started: ${cause.message}.`, 'Correct --python.', {
          cause,
        }),
      );
    });
    child.on('close', (code, signal) => done({ code: signal ?? `code ${code}`, stdout, stderr }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(request));
  });
}

/** No secret of the caller's environment reaches grading code. */
function harmless(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'LD_LIBRARY_PATH'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), PYTHONUTF8: '1' };
}

function jsonOf(stdout: string): unknown {
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}
