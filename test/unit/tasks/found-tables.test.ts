import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UserError } from '../../../src/domain/errors.js';
import { loadTaskFolder } from '../../../src/tasks/folder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'found-tables-'));
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

function lines(header: string, row: (i: number) => string, from = 0): string {
  return `${[header, ...Array.from({ length: 30 }, (_, i) => row(i + from))].join('\n')}\n`;
}

/** A zip archive of one file: its local header (PKWARE APPNOTE 4.3.7) and its bytes. */
function zipOf(name: string, text: string): Buffer {
  const packed = deflateRawSync(text);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(packed.length, 18);
  header.writeUInt32LE(text.length, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name), packed]);
}

describe('tables under other names', () => {
  test('labels.csv and a sample make a task of images, though archives of images lie there', async () => {
    await put({
      'labels.csv': lines('id,breed', (i) => `a${i},${['pug', 'boxer'][i % 2]}`),
      'sample_submission.csv': lines('id,boxer,pug', (i) => `a${i},0.5,0.5`, 30),
      'train.zip': zipOf('train/a0.jpg', 'no table'),
      'test.zip': zipOf('test/a30.jpg', 'no table'),
    });
    const { source, guessed } = await loadTaskFolder(folder);
    expect(source.task).toMatchObject({ train: 'labels.csv', test: 'sample_submission.csv', target: 'breed' });
    expect(source.task).toMatchObject({
      id_column: 'id',
      metric: 'logloss',
      sample_submission: 'sample_submission.csv',
    });
    expect(guessed).toContain('The training table is labels.csv.');
    expect(guessed).toContain('There is no test table: the rows to predict are those of sample_submission.csv.');
  });

  test('a packed table is still one', async () => {
    await put({
      'train.zip': zipOf(
        'train.csv',
        lines('id,a,y', (i) => `${i},${i},${i * 0.5}`),
      ),
      'test.csv': lines('id,a', (i) => `${i},${i}`, 30),
    });
    const { source } = await loadTaskFolder(folder);
    expect(source.task).toMatchObject({ train: 'train.zip', target: 'y', metric: 'rmse' });
  });

  test('task.toml need not name them either', async () => {
    await put({
      'task.toml': 'id = "cells"\ntarget = "label"\nmetric = "auc"\n',
      'train_labels.csv': lines('id,label', (i) => `a${i},${i % 2}`),
      'sample_submission.csv': lines('id,label', (i) => `a${i},0`, 30),
    });
    const { source } = await loadTaskFolder(folder);
    expect(source.task).toMatchObject({ train: 'train_labels.csv', test: 'sample_submission.csv' });
    expect(source.task.sample_submission).toBe('sample_submission.csv');
  });

  test('a test table that the author names has to be there', async () => {
    await put({
      'task.toml': 'id = "cells"\ntarget = "label"\nmetric = "auc"\ntest = "asked.csv"\n',
      'train.csv': lines('id,label', (i) => `a${i},${i % 2}`),
      'sample_submission.csv': lines('id,label', (i) => `a${i},0`, 30),
    });
    const fault = await loadTaskFolder(folder).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(UserError);
    expect(fault).toMatchObject({ code: 'path-missing' });
  });
});

test('folders of labelled files are told to get a table', async () => {
  const sample = lines('id,label', (i) => `${i},0.5`);
  await put({ 'train/cat.0.jpg': '', 'train/dog.0.jpg': '', 'sample_submission.csv': sample });
  const fault = await loadTaskFolder(folder).catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: 'path-missing' });
  expect(fault).toMatchObject({ next: expect.stringContaining(`each file of ${join(folder, 'train')}`) });
  await rm(join(folder, 'train'), { recursive: true });
  const bare = await loadTaskFolder(folder).catch((error: unknown) => error);
  expect(bare).toMatchObject({ code: 'path-missing', next: expect.stringContaining('Add train.csv') });
});

describe('tables of JSON', () => {
  const record = (i: number, labelled: boolean) => ({
    request_id: `t${i}`,
    text: `please, "more" ${'x'.repeat(3000)}`,
    flair: null,
    tags: ['a', 'b'],
    ...(labelled && { pizza: i % 3 === 0 }),
  });
  const sample = lines('request_id,pizza', (i) => `t${i},0`, 200);
  const train = Array.from({ length: 200 }, (_, i) => record(i, true));
  const asked = Array.from({ length: 30 }, (_, i) => record(i + 200, false));

  test.each([
    ['an array, longer than what is looked at', JSON.stringify(train, undefined, 2), JSON.stringify(asked)],
    ['one object to a line', train.map((row) => JSON.stringify(row)).join('\n'), JSON.stringify(asked)],
    ['numbers that JSON lacks', JSON.stringify(train).replaceAll('null', 'NaN'), JSON.stringify(asked)],
  ])('%s', async (_, labelled, unlabelled) => {
    await put({ 'train.json': labelled, 'test.json': unlabelled, 'sampleSubmission.csv': sample });
    const { source } = await loadTaskFolder(folder);
    expect(source.task).toMatchObject({ train: 'train.json', test: 'test.json', target: 'pizza', metric: 'auc' });
    expect(source.task.id_column).toBe('request_id');
  });

  test('that hold no rows are refused', async () => {
    await put({ 'train.json': '{"a": [1, 2], "b": [1, 2]}', 'test.json': JSON.stringify(asked) });
    const fault = await loadTaskFolder(folder).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: expect.stringMatching(/^csv-/) });
  });
});

describe('submissions that repeat columns of the test table', () => {
  test('ask for the others, and have no id where none names a row', async () => {
    await put({
      'train.csv': lines('Insult,Date,Comment', (i) => `${i % 2},2012${i % 5},"so, you ${i % 7}"`),
      'test.csv': lines('Date,Comment', (i) => `2012${i % 5},"so, you ${i % 7}"`),
      'sample_submission_null.csv': lines('Insult,Date,Comment', (i) => `0,2012${i % 5},"so, you ${i % 7}"`),
    });
    const { source } = await loadTaskFolder(folder);
    expect(source.task).toMatchObject({ target: 'Insult', metric: 'auc' });
    expect(source.task).not.toHaveProperty('id_column');
    expect(source.task).not.toHaveProperty('targets');
  });

  test('have the id among them', async () => {
    await put({
      'train.csv': lines('shop,key,a,y', (i) => `${i % 4},k${i},${i},${i * 0.5}`),
      'test.csv': lines('shop,key,a', (i) => `${i % 4},k${i},${i}`, 30),
      'sample_submission.csv': lines('shop,key,y', (i) => `${i % 4},k${i},0`, 30),
    });
    const { source } = await loadTaskFolder(folder);
    expect(source.task).toMatchObject({ target: 'y', id_column: 'key', metric: 'rmse' });
  });
});
