import { expect, test } from '@jest/globals';
import { fingerprintOf } from '../../../src/domain/fingerprint.js';
import { blobIdOf, executionIdOf, nodeIdOf, RunId, runIdOf } from '../../../src/domain/ids.js';

const run = runIdOf('p02-birthweight', new Date('2026-03-04T23:59:59Z'), 'abc234');

test('a run is named after its task, the day in UTC and a suffix', () => {
  expect(run).toBe('p02-birthweight-20260304-abc234');
  expect(runIdOf('Ünï Task / 7!', new Date('2026-01-02T00:00:00Z'), 'aaaaaa')).toBe('n-task-7-20260102-aaaaaa');
  expect(RunId.safeParse('../../etc').success).toBe(false);
});

test('an execution has one name for each run, node and attempt', () => {
  const first = executionIdOf(run, nodeIdOf(7), '1');
  expect(first).toMatch(/^aml-[a-z2-7]{20}$/);
  expect(executionIdOf(run, nodeIdOf(7), '1')).toBe(first);
  const others = [executionIdOf(run, nodeIdOf(7), '1-folds'), executionIdOf(run, nodeIdOf(8), '1')];
  expect(new Set([first, ...others]).size).toBe(3);
});

test('a blob is named by the SHA-256 of its bytes', () => {
  expect(blobIdOf('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(blobIdOf(new TextEncoder().encode('a'))).toBe(blobIdOf('a'));
});

test('comments, blank lines and trailing spaces do not make another program; text in quotes does', () => {
  const program = 'import os\n\n# a note\nx = 1   \n';
  expect(fingerprintOf(program)).toBe(fingerprintOf('import os\nx = 1'));
  expect(fingerprintOf(program)).not.toBe(fingerprintOf('import os\nx = 2'));
  expect(fingerprintOf('s = """\n# kept\n"""')).not.toBe(fingerprintOf('s = """\n# other\n"""'));
});
