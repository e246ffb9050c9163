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
): Promise<T> {
  const reply = Reply.parse(await sent(pool, method, params, timeoutMs));
  if (!('error' in reply)) return schema.parse(reply.result);
  const { kind, code, message, next } = reply.error;
  if (kind === 'user' && isErrorCode(code)) throw new UserError(code, message, next);
  throw new Error(`The evaluator failed in ${method}: ${message}`);
}

async function sent(pool: Pool, method: string, params: unknown, timeoutMs: number): Promise<unknown> {
  try {
    return await pool.request(method, params, timeoutMs);
  } catch (error) {
    if (!(error instanceof ProcessLost) || error.final) throw error;
    return pool.request(method, params, timeoutMs);
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return code in ERROR_CODES;
}
