/** The practice builder through its TypeScript door. Needs a Python with the pinned packages: AUTOMLGEN_PYTHON. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { UserError } from '../../src/domain/errors.js';
import { buildPractice, findPractice, PRACTICE } from '../../src/tasks/practice/catalog.js';

const python = process.env.AUTOMLGEN_PYTHON;
const withPython = python === undefined ? describe.skip : describe;

describe('the catalogue', () => {
  test('finds a competition by its id and by the beginning of it', () => {
    expect(findPractice('p06').id).toBe('p06-docstrings');
    expect(PRACTICE.map(({ id }) => findPractice(id).id)).toEqual(PRACTICE.map(({ id }) => id));
  });

  test('names the nearest when there is none', () => {
    const find = (): unknown => findPractice('p02-birtweight');
    expect(find).toThrow(UserError);
    expect(find).toThrow('Did you mean "p02-birthweight"?');
  });
});

withPython('data that candidates do not have', () => {
  test('come from a folder of packages, and their absence is named', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'practice-'));
    try {
      const promise = buildPractice('p05', {
        seed: 1,
        folder: join(folder, 'p05'),
        python: python ?? '',
        packages: folder,
      });
      await expect(promise).rejects.toMatchObject({
        code: 'python-missing',
        message: expect.stringContaining('chemicals'),
      });
      const needy = PRACTICE.filter(({ dataPackage }) => dataPackage).map(({ id }) => id);
      expect(needy).toContain('p05-melting');
      expect(needy).not.toContain('p02-birthweight');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

withPython('p02-birthweight', () => {
  let folder: string;
  const build = (seed: number, to: string): ReturnType<typeof buildPractice> =>
    buildPractice('p02', { seed, folder: join(folder, to), python: python ?? '' });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'practice-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  test('is built once for a seed, and other rows are private for another', async () => {
    const first = await build(1, 'a');
    const again = await build(1, 'a');
    const other = await build(2, 'b');
    expect([first.cached, again.cached, other.cached]).toEqual([false, true, false]);
    const answers = (to: string): Promise<string> => readFile(join(folder, to, 'private/answers.csv'), 'utf8');
    expect(await answers('a')).not.toBe(await answers('b'));
    expect(first.source.task).toMatchObject({ target: 'bweight', metric: 'rmse', id_column: 'id' });
  });

  test('keeps answers, reference, board and manifest where only their owner reads', async () => {
    const { source, variant } = await build(1, 'a');
    const hidden = source.privateFolder ?? '';
    expect((await stat(hidden)).mode & 0o777).toBe(0o700);
    const [answers = [], reference = [], board = []] = await Promise.all(
      ['answers.csv', 'reference.csv', 'leaderboard.csv'].map(async (name) =>
        (await readFile(join(hidden, name), 'utf8')).trim().split('\n'),
      ),
    );
    expect(answers[0]).toBe('id,bweight');
    expect(reference.map((line) => line.split(',')[0])).toEqual(answers.map((line) => line.split(',')[0]));
    expect(board[0]).toBe('rank,score,name,kind');
    expect(board.length).toBeGreaterThan(60);
    expect(new Set(board.slice(1).map((line) => line.split(',').at(-1)))).toEqual(
      new Set(['baseline', 'composer', 'reference']),
    );
    const manifest = JSON.parse(await readFile(join(hidden, 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ seed: 1, boardSeed: 1, metric: 'rmse', direction: 'minimise', variant });
    const test = await readFile(join(source.folder, 'test.csv'), 'utf8');
    expect(test.split('\n')[0]).not.toContain('bweight');
  });

  test('says which interpreter is missing', async () => {
    const promise = buildPractice('p02', { seed: 1, folder: join(folder, 'c'), python: '/no/python' });
    await expect(promise).rejects.toThrow('/no/python');
  });
});
