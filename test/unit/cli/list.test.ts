/** What `list` says of a run that could not say itself how it ended. */
import { expect, test } from '@jest/globals';
import { phaseOf } from '../../../src/cli/list.js';
import { UserError } from '../../../src/domain/errors.js';

const searching = { phase: 'searching' } as const;

test('a run that goes on is in its own phase, one that was ended from outside in the engine’s', async () => {
  expect(await phaseOf(searching, async () => 'running')).toBe('searching');
  expect(await phaseOf({}, async () => 'running')).toBe('preparing');
  expect(await phaseOf(searching, async () => 'terminated')).toBe('terminated');
});

test('a run that has ended is not asked about', async () => {
  const never = () => Promise.reject(new Error('asked'));
  expect(await phaseOf({ phase: 'done', endedAt: new Date(0) }, never)).toBe('done');
});

test('one that the engine has forgotten is gone; an engine that is away is no answer', async () => {
  const forgotten = () => Promise.reject(new UserError('run-closed', 'It is not running.', 'See its report.'));
  expect(await phaseOf(searching, forgotten)).toBe('gone');
  await expect(phaseOf(searching, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
});
