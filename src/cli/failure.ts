/** The only place where a command's error becomes text and an exit code. */
import { styleText } from 'node:util';
import { CommanderError } from 'commander';
import { ERROR_CODES, type ErrorCode, UserError } from '../domain/errors.js';

/** 2 for input that cannot be used, 1 for everything else; help and version are no failures. */
export function reportFailure(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const expected = userErrorIn(error);
  if (expected) {
    if (json)
      console.log(JSON.stringify({ error: { code: expected.code, message: expected.message, next: expected.next } }));
    else
      console.error(
        `${styleText('red', '✗')} ${expected.message}\n  ${expected.next}  ${styleText('dim', `[${expected.code}]`)}`,
      );
    return 2;
  }
  console.error(`${styleText('red', '✗')} ${messageOf(error)}`);
  if (process.env.AUTOMLGEN_DEBUG) console.error(error);
  else console.error('  Set AUTOMLGEN_DEBUG=1 to see where it happened.');
  return 1;
}

/** The same for a record: code and next step only where the error is one that we foresaw. */
export function faultOf(error: unknown): {
  readonly code?: ErrorCode;
  readonly message: string;
  readonly next?: string;
} {
  const { code, message, next } = userErrorIn(error) ?? {};
  if (code === undefined || next === undefined) return { message: messageOf(error) };
  return { code, message: message ?? '', next };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
}

/** A user's fault found by an activity comes back wrapped by the workflow engine: its type is our code, its detail the next step. */
function userErrorIn(error: unknown): UserError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof UserError) return cause;
    const { type, details } = cause as { readonly type?: unknown; readonly details?: readonly unknown[] };
    if (isErrorCode(type)) return new UserError(type, cause.message, String(details?.[0] ?? 'See `automlgen report`.'));
  }
  return undefined;
}

function isErrorCode(type: unknown): type is ErrorCode {
  return typeof type === 'string' && Object.hasOwn(ERROR_CODES, type);
}
