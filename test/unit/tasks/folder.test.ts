import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UserError } from '../../../src/domain/errors.js';
import { loadTaskFolder } from '../../../src/tasks/folder.js';
import { taskFromTables } from '../../../src/tasks/importers/plain-csv.js';

const TOML = 'id = "toy"\ntarget = "price"\nmetric = "rmse"\n';
const TRAIN = `id,size,town,price\n${Array.from({ length: 30 }, (_, i) => `${i},${i * 3},Ulm,${i * 7.5}`).join('\n')}\n`;
const TEST = 'id,size,town\n40,1,Ulm\n41,2,Bonn\n';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'my-house-prices-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function put(files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

async function faultOf(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error;
  throw error;
}

describe('a folder with task.toml', () => {
  test('is taken as it says', async () => {
    await put({ 'task.toml': TOML, 'train.csv': TRAIN, 'test.csv': TEST });
    const { source, guessed } = await loadTaskFolder(folder);
    expect(source.folder).toBe(folder);
    expect(source.task.target).toBe('price');
    expect(source.privateFolder).toBeUndefined();
    expect(guessed).toEqual([]);
  });

  test('is found in the public part of a prepared competition, and the private part beside it', async () => {
    await put({
      'prepared/public/task.toml': TOML,
      'prepared/public/train.csv': TRAIN,
      'prepared/public/test.csv': TEST,
      'prepared/private/answers.csv': 'id,price\n40,1\n',
    });
    const { source } = await loadTaskFolder(folder);
    expect(source.folder).toBe(join(folder, 'prepared/public'));
    expect(source.privateFolder).toBe(join(folder, 'prepared/private'));
  });

  test.each([
    ['target = "price"', 'target = "prize"', 'target-missing', 'Did you mean "price"?'],
    ['id = "toy"', 'id = "toy"\ntest = "tests.csv"', 'path-missing', 'tests.csv'],
    ['id = "toy"', 'id = "toy"\nid_column = "key"', 'id-missing', '"key"'],
    ['id = "toy"', 'id = "toy"\nimages = "pictures"', 'images-missing', 'pictures'],
  ])('is refused when %s reads %s', async (from, to, code, words) => {
    await put({ 'task.toml': TOML.replace(from, to), 'train.csv': TRAIN, 'test.csv': TEST });
    const fault = await faultOf(loadTaskFolder(folder));
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(words);
    expect(fault.next).not.toBe('');
  });

  test.each([
    ['test.csv', 'id,size,town,garden\n1,2,Ulm,yes\n', 'columns-differ', 'garden'],
    ['test.csv', 'id,size,town\n', 'csv-empty', '0 rows'],
    ['train.csv', '', 'csv-empty', 'train.csv'],
    ['train.csv', Buffer.from('id,size,town,price\n1,2,K\u00f6ln,3\n', 'latin1'), 'csv-encoding', 'train.csv'],
  ])('is refused when %s is %j', async (name, content, code, words) => {
    await put({ 'task.toml': TOML, 'train.csv': TRAIN, 'test.csv': TEST, [name]: content });
    const fault = await faultOf(loadTaskFolder(folder));
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(words);
  });
});

describe('a folder without task.toml', () => {
  test('is guessed from its tables, its sample and its description', async () => {
    await put({
      'train.csv': TRAIN,
      'test.csv': TEST,
      'sample_submission.csv': 'id,price\n40,0\n41,0\n',
      'description.md': '# Prices\n\n## Evaluation\n\nMean absolute error.\n',
    });
    const { source, guessed } = await loadTaskFolder(folder);
    expect(source.task).toMatchObject({
      target: 'price',
      id_column: 'id',
      metric: 'mae',
      description: 'description.md',
    });
    expect(source.task.id).toMatch(/^my-house-prices-[a-z0-9]+$/);
    expect(guessed).toHaveLength(3);
    expect(guessed[2]).toContain('mean absolute error');
  });

  test('gets the usual metric and is told so', async () => {
    await put({ 'train.csv': TRAIN, 'test.csv': TEST });
    const { source, guessed } = await loadTaskFolder(folder);
    expect(source.task.metric).toBe('rmse');
    expect(guessed.at(-1)).toContain('Set `metric` in task.toml');
  });

  test('finds the target whose values are the columns of the sample', async () => {
    const rows = ['ant', 'bee', 'cat'].map((kind, i) => `${i},${i},x${i},${kind}`).join('\n');
    await put({
      'train.csv': `id,size,note,animal\n${rows}\n`,
      'test.csv': 'id,size\n9,1\n',
      'sample_submission.csv': 'id,ant,bee,cat\n9,0,0,0\n',
    });
    const { source } = await loadTaskFolder(folder);
    expect(source.task).toMatchObject({ target: 'animal', metric: 'logloss' });
  });

  test('asks for task.toml when the target is not clear', async () => {
    await put({ 'train.csv': TRAIN, 'test.csv': 'id,size\n40,1\n' });
    const fault = await faultOf(loadTaskFolder(folder));
    expect(fault.code).toBe('target-missing');
    expect(fault.message).toContain('"town" or "price"');
    expect(fault.next).toContain('task.toml');
  });

  test('is refused when it holds no tables, or is not there', async () => {
    expect((await faultOf(loadTaskFolder(folder))).message).toContain('neither task.toml nor train.csv');
    expect((await faultOf(loadTaskFolder(join(folder, 'no')))).code).toBe('path-missing');
  });
});

describe('two tables on the command line', () => {
  test('make a task of these tables alone', async () => {
    await put({ 'a/houses.csv': TRAIN, 'b/new.csv': TEST });
    const { source } = await taskFromTables({
      train: join(folder, 'a/houses.csv'),
      test: join(folder, 'b/new.csv'),
      target: 'price',
      metric: 'MAE',
    });
    expect(source.task).toMatchObject({ id: 'houses', train: 'houses.csv', test: '../b/new.csv', metric: 'mae' });
    expect(source.task.other_files).toBe(false);
  });

  test('are refused with an unknown metric before any file is read', async () => {
    const fault = await faultOf(taskFromTables({ train: 'no.csv', test: 'no.csv', target: 'y', metric: 'rmes' }));
    expect(fault.code).toBe('metric-unknown');
    expect(fault.message).toContain('Did you mean "rmse"?');
  });
});
