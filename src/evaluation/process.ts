/** One evaluator process: JSON lines over its standard input and output, one request at a time. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { UserError } from '../domain/errors.js';

export interface EvaluatorProcess {
  readonly alive: boolean;
  /** The parsed reply line. Rejects with `ProcessLost` when the process ends or the time is over; it is dead then. */
  request(method: string, params: unknown, timeoutMs: number): Promise<unknown>;
  /** Ends the process and waits until it is gone. */
  stop(): Promise<void>;
}

/** The process is gone; the request may or may not have been done. */
export class ProcessLost extends Error {
  override readonly name = 'ProcessLost';
  /** Stopped on purpose: do not try again. */
  readonly final: boolean;
  /** It took more than its time, and would again. */
  readonly late: boolean;
  constructor(message: string, { final = false, late = false } = {}) {
    super(message);
    this.final = final;
    this.late = late;
  }
}

interface Pending {
  readonly id: number;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
}

const LOG_TAIL = 2_000;
const STOP_GRACE_MS = 2_000;

export function startProcess(options: {
  readonly python: string;
  readonly runtimeFolder: string;
  readonly onLog?: (text: string) => void;
}): EvaluatorProcess {
  const child = spawn(options.python, ['-m', 'automlgen_runtime.serve'], {
    env: environment(options.runtimeFolder),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let alive = true;
  let stopping = false;
  let pending: Pending | undefined;
  let nextId = 1;
  let logTail = '';

  const lose = (error: Error) => {
    alive = false;
    pending?.reject(error);
    pending = undefined;
  };
  const gone = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      lose(missing(options.python, error));
      resolve();
    });
    child.once('close', (code, signal) => {
      const how = signal ?? `code ${code}`;
      lose(new ProcessLost(`The evaluator process ended with ${how}. ${logTail}`.trim(), { final: stopping }));
      resolve();
    });
  });
  child.stdin.on('error', () => child.kill('SIGKILL'));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    logTail = (logTail + text).slice(-LOG_TAIL);
    options.onLog?.(text);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const reply = parsed(line);
    if (pending === undefined || reply?.id !== pending.id) return;
    const { resolve } = pending;
    pending = undefined;
    resolve(reply);
  });

  return {
    get alive() {
      return alive;
    },
    request: (method, params, timeoutMs) =>
      new Promise((resolve, reject) => {
        if (!alive)
          return reject(new ProcessLost(`The evaluator process is gone. ${logTail}`.trim(), { final: stopping }));
        const id = nextId++;
        const timer = setTimeout(() => {
          lose(new ProcessLost(`The evaluator took more than ${timeoutMs} ms for ${method}.`, { late: true }));
          child.kill('SIGKILL');
        }, timeoutMs);
        const settle =
          <V>(then: (value: V) => void) =>
          (value: V) => {
            clearTimeout(timer);
            then(value);
          };
        pending = { id, resolve: settle(resolve), reject: settle(reject) };
        child.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
      }),
    async stop() {
      stopping = true;
      // It may still answer what it was asked, and is asked nothing more.
      alive = false;
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** Only what Python needs: no secret of the worker reaches the evaluator. */
function environment(runtimeFolder: string): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'LD_LIBRARY_PATH'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    PYTHONPATH: runtimeFolder,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',
    PYTHONUTF8: '1',
    OMP_NUM_THREADS: '1',
    OPENBLAS_NUM_THREADS: '1',
  };
}

function missing(python: string, cause: Error): UserError {
  return new UserError(
    'python-missing',
    `The Python interpreter ${python} cannot be started: ${cause.message}.`,
    'Run `automlgen doctor`.',
    { cause },
  );
}

function parsed(line: string): { readonly id?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
