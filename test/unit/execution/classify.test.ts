import { describe, expect, test } from '@jest/globals';
import { classify, lastErrorOf } from '../../../src/execution/local/classify.js';
import type { ViewStatus } from '../../../src/execution/local/status.js';

const ENDED: ViewStatus = {
  name: 'main',
  exitCode: 0,
  signal: null,
  verdict: null,
  detail: '',
  seconds: 1,
  cpuSeconds: 1,
  peakMemoryMiB: 10,
  outOfMemoryKills: 0,
  stopped: true,
  outputs: [{ name: 'submission.csv', bytes: 9 }],
  failed: false,
};

function verdictOf(view: Partial<ViewStatus>, stderr = '') {
  return classify({ view: { ...ENDED, ...view }, stderr, memoryMiB: 512 });
}

const trace = (error: string) =>
  `Traceback (most recent call last):\n  File "/job/solution.py", line 3, in <module>\n${error}\n`;

describe('classify', () => {
  test('nothing to say about a view that did what it should', () => {
    expect(verdictOf({}, trace('MemoryError'))).toBeUndefined();
  });

  test.each([
    ['syntax', '  File "/job/solution.py", line 1\n    def (:\n        ^\nSyntaxError: invalid syntax\n'],
    ['memory', trace('numpy._core._exceptions._ArrayMemoryError: Unable to allocate 20. GiB for an array')],
    ['memory', trace('joblib.externals.loky.process_executor.TerminatedWorkerError: A worker was killed')],
    ['gpu-memory', trace('torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB')],
    ['disk', trace('OSError: [Errno 28] No space left on device')],
    ['exception', trace("KeyError: 'MemoryError'")],
    ['exception', trace('ValueError: about SyntaxError: not one')],
  ])('%s', (kind, stderr) => {
    expect(verdictOf({ exitCode: 1 }, stderr)?.kind).toBe(kind);
  });

  test('a kill for memory counts whatever the exit code', () => {
    expect(verdictOf({ outOfMemoryKills: 1 })?.kind).toBe('memory');
    expect(verdictOf({ outOfMemoryKills: 1, exitCode: 1 }, trace('BrokenProcessPool: ended'))?.kind).toBe('memory');
  });

  test('the supervisor decides before the exit code', () => {
    expect(verdictOf({ verdict: 'timeout', detail: 'still running after 10 s', exitCode: null })).toEqual({
      kind: 'timeout',
      message: 'The program was still running after 10 s (view main).',
    });
  });

  test('a refused file is named, a missing optional one is not', () => {
    const required = { name: 'submission.csv', bytes: 9 };
    expect(verdictOf({ outputs: [required, { name: 'probabilities.csv' }] })).toBeUndefined();
    expect(verdictOf({ outputs: [required, { name: 'probabilities.csv', refused: 'is a folder' }] })).toEqual({
      kind: 'bad-format',
      message: 'working/probabilities.csv is a folder.',
    });
    expect(verdictOf({ outputs: [{ name: 'submission.csv' }] })?.kind).toBe('no-output');
  });
});

test('the last error is that of the last trace-back, with its further lines', () => {
  expect(lastErrorOf(`${trace('KeyError: 1')}\nDuring handling…\n\n${trace('ValueError: a\nand b')}`)).toBe(
    'ValueError: a\nand b',
  );
  expect(lastErrorOf('killed\n\n')).toBe('killed');
  expect(lastErrorOf('')).toBe('');
});
