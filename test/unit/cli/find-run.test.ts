import { describe, expect, test } from '@jest/globals';
import { findRun } from '../../../src/cli/find-run.js';
import { runIdOf } from '../../../src/domain/ids.js';
import { memoryStore, RUN } from '../../support/memory-store.js';

/** Six runs of one day, four of another, and the one of the memory store; `limits` are what the database was asked for. */
async function many() {
  const { runs } = memoryStore();
  const limits: number[] = [];
  const day = (name: string, at: number) => runIdOf('titanic', new Date(Date.UTC(2026, 0, at)), name);
  const ids = [...'abcdef']
    .map((letter) => day(letter.repeat(6), 5))
    .concat([...'abcd'].map((l) => day(l.repeat(6), 7)));
  const [first] = [await runs.find(RUN)];
  if (!first) throw new Error('no run');
  for (const [index, runId] of ids.entries())
    await runs.save({ ...first, runId, startedAt: new Date(Date.UTC(2030, 0, 1 + index)) });
  const counted = {
    find: runs.find,
    latest: (limit: number) => {
      limits.push(limit);
      return runs.latest(limit);
    },
    beginningWith: (prefix: string, limit: number) => {
      limits.push(limit);
      return runs.beginningWith(prefix, limit);
    },
  };
  return { runs: counted, ids, limits };
}

describe('a run is found', () => {
  test('by its id, its beginning, or as the last one, without reading the others', async () => {
    const { runs, ids, limits } = await many();
    expect((await findRun(runs, ids[3])).runId).toBe(ids[3]);
    expect(limits).toEqual([]);
    expect((await findRun(runs)).runId).toBe(ids.at(-1));
    expect((await findRun(runs, 'last')).runId).toBe(ids.at(-1));
    expect((await findRun(runs, 'wei')).runId).toBe(RUN);
    expect((await findRun(runs, ids[6]?.slice(0, -5))).runId).toBe(ids[6]);
    expect(Math.max(...limits)).toBeLessThanOrEqual(6);
  });

  test('or it is said why not', async () => {
    const { runs, ids } = await many();
    const refused = (name: string) => expect(findRun(runs, name)).rejects;
    await refused('titanic').toMatchObject({
      code: 'run-unknown',
      message: expect.stringMatching(/^titanic begins more than 5 runs: /),
    });
    await refused('titanic-20260107').toMatchObject({
      message: expect.stringMatching(/begins 4 runs: .*dddddd, .*aaaaaa\.$/),
    });
    await refused('itanic').toMatchObject({
      message: 'No run is called itanic.',
      next: 'See them with `automlgen list`.',
    });
    await refused('').toMatchObject({ code: 'run-unknown' });
    await refused(`${ids[0]}x`).toMatchObject({ code: 'run-unknown' });
    const none = { find: async () => undefined, latest: async () => [], beginningWith: async () => [] };
    await expect(findRun(none)).rejects.toMatchObject({ message: 'There is no run yet.' });
    await expect(findRun(none, 'x')).rejects.toMatchObject({ next: 'Start one with `automlgen demo`.' });
  });
});
