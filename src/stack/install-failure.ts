/** Turns what an installer printed into one clear error. */

import { UserError } from '../domain/errors.js';
import type { CommandResult } from './run-command.js';

const FAULTS = [
  { code: 'disk-full', pattern: /no space left on device|disk quota exceeded/i },
  { code: 'cache-unwritable', pattern: /permission denied|read-only file system/i },
  { code: 'download-corrupt', pattern: /hash mismatch|do not match the hashes|does not have the expected hash/i },
  {
    code: 'download-failed',
    pattern:
      /failed to fetch|error sending request|connect(ion)? ?(broken|refused|reset|error|aborted)|max retries|proxyerror|timed? ?out|name resolution|dns error|unreachable/i,
  },
  // After the network: pip calls everything that it could not reach a missing distribution.
  {
    code: 'stack-piece-missing',
    pattern: /no matching distribution|no wheels? with a matching|no solution found|no version of|wheels are required/i,
  },
] as const;

const NEXT = {
  'disk-full':
    'Free some space, or set AUTOMLGEN_CACHE to a folder on a larger disk; then run `automlgen stack up` again.',
  'cache-unwritable': 'Make the cache folder writable, or set AUTOMLGEN_CACHE to one that is.',
  'download-corrupt':
    'Run `automlgen stack up` again; if it stays, a proxy or mirror alters files: nothing of it was kept.',
  'stack-piece-missing': 'Install it yourself: `automlgen doctor` names the ways.',
  'download-failed':
    'Check the network and the proxy settings, then run `automlgen stack up` again; what is complete is not fetched twice.',
} as const;

/** `what` is the thing that was to be installed, as a noun phrase that begins a sentence. */
export function installFailure(what: string, result: CommandResult): UserError {
  const output = `${result.stderr}\n${result.stdout}`;
  const code = FAULTS.find((fault) => fault.pattern.test(output))?.code ?? 'download-failed';
  return new UserError(code, `${what} could not be installed: ${cause(output, code)}`, NEXT[code]);
}

/** The line that tells the cause, without colours and ornaments. */
function cause(output: string, code: keyof typeof NEXT): string {
  const ornaments = /^[\s×├╰─▶│╭]*(?:(?:error|caused by|cause|warning):\s*)?/iu;
  const lines = output.split('\n').map((line) => line.replace(ornaments, '').trim());
  const pattern = FAULTS.find((fault) => fault.code === code)?.pattern;
  const line = lines.find((text) => pattern?.test(text)) ?? lines.findLast((text) => text !== '') ?? 'no reason given';
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
