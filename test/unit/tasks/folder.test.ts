import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
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

describe('tables in other forms', () => {
  const semicolons = TRAIN.replaceAll(',', ';');

  test.each([
    ['train.csv.gz', gzipSync(TRAIN)],
    ['train.csv.zip', zipped('data/train.csv', TRAIN)],
    ['train.zip', zipped('train.csv', TRAIN)],
    ['train.tsv', TRAIN.replaceAll(',', '\t')],
  ])('%s stands in for train.csv, and is told', async (name, content) => {
    await put({ 'task.toml': TOML, [name]: content, 'test.csv': TEST });
    const { source, guessed } = await loadTaskFolder(folder);
    expect(source.task.train).toBe(name);
    expect(guessed).toEqual([`The training table is ${name}.`]);
    await rm(join(folder, 'task.toml'));
    expect((await loadTaskFolder(folder)).source.task).toMatchObject({ target: 'price', train: name });
  });

  test('semicolons divide cells, commas inside quotes do not', async () => {
    await put({ 'task.toml': TOML, 'train.csv': semicolons, 'test.csv': TEST.replaceAll(',', ';') });
    expect((await loadTaskFolder(folder)).source.task.target).toBe('price');
    await put({ 'train.csv': semicolons.replace('town', '"town, district, street, number"') });
    expect((await faultOf(loadTaskFolder(folder))).message).toContain('town');
  });

  test('a damaged archive is refused by its name', async () => {
    await put({ 'task.toml': TOML, 'train.csv.gz': gzipSync(TRAIN).fill(7, 20, 60), 'test.csv': TEST });
    const fault = await faultOf(loadTaskFolder(folder));
    expect(fault.code).toBe('csv-malformed');
    expect(fault.message).toContain('train.csv.gz');
  });
});

/** A zip archive with one deflated file, sizes in its local header. */
function zipped(name: string, content: string): Buffer {
  const packed = deflateRawSync(content);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(packed.length, 18);
  header.writeUInt32LE(content.length, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name), packed]);
}

describe('what a folder without task.toml is guessed to be', () => {
  const rows = (line: (i: number) => string): string => Array.from({ length: 60 }, (_, i) => line(i)).join('\n');
  const FOLDERS: readonly [string, string, string, string | undefined, object][] = [
    [
      'yes and no',
      `a,b,bought\n${rows((i) => `${i},x,${i % 3 ? 'yes' : 'no'}`)}`,
      'a,b\n1,x\n',
      undefined,
      { target: 'bought', metric: 'auc' },
    ],
    [
      'few words',
      `a,kind\n${rows((i) => `${i},${'abcd'[i % 4]}`)}`,
      'a\n1\n',
      undefined,
      { target: 'kind', metric: 'accuracy' },
    ],
    [
      'a grade',
      `a,rating\n${rows((i) => `${i},${1 + (i % 5)}`)}`,
      'a\n1\n',
      undefined,
      { target: 'rating', metric: 'qwk' },
    ],
    [
      'a count',
      `a,visits\n${rows((i) => `${i},${i % 7 ? i % 2 : i % 11}`)}`,
      'a\n1\n',
      undefined,
      { target: 'visits', metric: 'rmse' },
    ],
    [
      'a price with its sign',
      `a,price\n${rows((i) => `${i},"$${i},500.00"`)}`,
      'a\n1\n',
      undefined,
      { target: 'price', metric: 'rmse' },
    ],
    ['target first', `y,a\n${rows((i) => `${i / 7},${i}`)}`, 'a\n1\n', undefined, { target: 'y', metric: 'rmse' }],
    [
      'marks of absence',
      `a,y\n${rows((i) => `${i},${['0', '1', '?'][i % 3]}`)}`,
      'a\n1\n',
      undefined,
      { target: 'y', metric: 'auc' },
    ],
    [
      'a target that test has empty',
      `id,a,y\n${rows((i) => `${i},${i},${i * 1.5}`)}`,
      'id,a,y\n1,2,\n',
      undefined,
      { target: 'y', metric: 'rmse', id_column: 'id' },
    ],
    [
      'several labels',
      `id,a,red,blue\n${rows((i) => `${i},${i},${i % 2},${i % 3 ? 0 : 1}`)}`,
      'id,a\n1,2\n',
      'id,blue,red\n1,0,0\n',
      { target: 'blue', targets: ['blue', 'red'], metric: 'auc', id_column: 'id' },
    ],
    [
      'several numbers',
      `id,a,lat,lon\n${rows((i) => `${i},${i},${i / 3},${i / 9}`)}`,
      'id,a\n1,2\n',
      'id,lat,lon\n1,0,0\n',
      { targets: ['lat', 'lon'], metric: 'rmse' },
    ],
    [
      'a column that only train has',
      `a,note,label\n${rows((i) => `${i},n${i},${i % 2}`)}`,
      'a\n1\n',
      undefined,
      { target: 'label', metric: 'auc' },
    ],
  ];

  test.each(FOLDERS)('%s', async (_, train, test_, sample, expected) => {
    await put({
      'train.csv': `${train}\n`,
      'test.csv': test_,
      ...(sample !== undefined && { 'sample_submission.csv': sample }),
    });
    const { source, guessed } = await loadTaskFolder(folder);
    expect(source.task).toMatchObject(expected);
    expect(guessed.length).toBeGreaterThanOrEqual(2);
    expect(guessed.every((reason) => /^(?:Targets?|Id|Metric): /.test(reason))).toBe(true);
  });

  test('the option of a metric is read from the description', async () => {
    await put({
      'train.csv': `id,a,animal\n${rows((i) => `${i},${i},k${i % 9}`)}\n`,
      'test.csv': 'id,a\n1,2\n',
      'description.md': '## Evaluation\n\nSubmissions are scored by MAP@5.\n',
    });
    const { source } = await loadTaskFolder(folder);
    expect(source.task).toMatchObject({ metric: 'map-at-k', metric_options: { k: 5 } });
  });
});

describe('two tables on the command line', () => {
  test('may have several targets, with commas between them, unless a column is called so', async () => {
    await put({ 'train.csv': 'a,lat,lon\n1,2,3\n2,3,4\n', 'test.csv': 'a\n1\n' });
    const tables = { train: join(folder, 'train.csv'), test: join(folder, 'test.csv'), metric: 'haversine' };
    const { source } = await taskFromTables({ ...tables, target: 'lat, lon' });
    expect(source.task).toMatchObject({ target: 'lat', targets: ['lat', 'lon'] });
    const told = await taskFromTables({ ...tables, target: 'lat', group: 'id', time: 'x', drop: 'lng, x' });
    expect(told.source.task).toMatchObject({ group: 'id', time: 'x', drop: ['lng', 'x'] });
    expect((await faultOf(taskFromTables({ ...tables, target: 'lat,lun' }))).message).toContain('"lun"');
    await put({ 'train.csv': 'a,"lat,lon"\n1,2\n2,3\n' });
    const single = await taskFromTables({ ...tables, target: 'lat,lon', metric: 'fbeta-0.5' });
    expect(single.source.task).toMatchObject({ target: 'lat,lon', metric: 'fbeta', metric_options: { beta: 0.5 } });
    expect(single.source.task).not.toHaveProperty('targets');
  });

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
