/** Following a suite ends when the suite does, in whatever way. */
import { afterEach, expect, jest, test } from '@jest/globals';
import { followSuite } from '../../../src/cli/suite-follow.js';
import type { SuiteClient } from '../../../src/client/suites.js';
import type { SuiteStatus } from '../../../src/domain/suite.js';

const status = (phase: SuiteStatus['phase']): SuiteStatus => ({
  suiteId: 'suite-20261121-abcdef',
  title: 'suite',
  phase,
  startedMs: 0,
  nowMs: 1000,
  parallel: 1,
  spentUsd: 0,
  rows: [],
});

/** `open` answers in turn; the suite packages its table for good unless `end` says otherwise. */
function client(open: readonly boolean[], end?: SuiteStatus['phase']): SuiteClient {
  let asked = -1;
  return {
    suiteId: 'suite-20261121-abcdef',
    status: async () => status(end !== undefined && asked >= 0 ? end : 'packaging'),
    isOpen: async () => {
      asked += 1;
      return open[asked] ?? false;
    },
  } as SuiteClient;
}

afterEach(() => {
  jest.restoreAllMocks();
});

test('a suite that was terminated is not watched for ever', async () => {
  await expect(followSuite(client([true, false]), {}, async () => undefined)).rejects.toMatchObject({
    code: 'run-closed',
    next: expect.stringContaining('automlgen suite status suite-20261121-abcdef'),
  });
}, 30_000);

test('one that ends at the moment it is asked has ended well', async () => {
  const written: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  await followSuite(client([false], 'done'), {}, async () => undefined);
  expect(written.join('')).toContain('# suite');
}, 30_000);
