/** One request to the evaluator: tried again after a lost process, parsed, faults turned into errors. */
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode, UserError } from '../domain/errors.js';
import type { Pool } from './pool.js';
import { ProcessLost } from './process.js';

const Reply = z.union([
  z.object({ id: z.number(), result: z.unknown() }),
  z.object({
    id: z.number(),
    error: z.object({ kind: z.enum(['user', 'internal']), code: z.string(), message: z.string(), next: z.string() }),
  }),
]);

export async function call<T>(
  pool: Pool,
  method: string,
  params: unknown,
  schema: z.ZodType<T>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<T> {
  const reply = Reply.parse(await sent(() => pool.request(method, params, timeoutMs, signal)));
  if (!('error' in reply)) return schema.parse(reply.result);
  const { kind, code, message, next } = reply.error;
  if (kind === 'user' && isErrorCode(code)) throw new UserError(code, message, next);
  throw new Error(`The evaluator failed in ${method}: ${message}`);
}

/** What took too long would do so again, with everybody else waiting. */
async function sent(request: () => Promise<unknown>): Promise<unknown> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof ProcessLost) || error.final || error.late) throw error;
    return request();
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return code in ERROR_CODES;
}
