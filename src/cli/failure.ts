/** The only place where a command's error becomes text and an exit code. */
import { styleText } from 'node:util';
import { CommanderError } from 'commander';
import { UserError } from '../domain/errors.js';

/** 2 for input that cannot be used, 1 for everything else; help and version are no failures. */
export function reportFailure(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UserError) {
    if (json) console.log(JSON.stringify({ error: { code: error.code, message: error.message, next: error.next } }));
    else
      console.error(
        `${styleText('red', '✗')} ${error.message}\n  ${error.next}  ${styleText('dim', `[${error.code}]`)}`,
      );
    return 2;
  }
  console.error(`${styleText('red', '✗')} ${messageOf(error)}`);
  if (process.env.AUTOMLGEN_DEBUG) console.error(error);
  else console.error('  Set AUTOMLGEN_DEBUG=1 to see where it happened.');
  return 1;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
}
