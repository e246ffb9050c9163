/** Which file of a folder is a table: by its name, or packed, or under the suffix of another separator. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { holdsTable } from './archive-head.js';

const SAMPLES = [
  'sample_submission.csv',
  'sampleSubmission.csv',
  'SampleSubmission.csv',
  'sample_submission_null.csv',
  'gender_submission.csv',
  'randomPredictions.csv',
];

/** What else the tables are called where there is no `train.csv` or `test.csv`. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  'train.csv': [
    ...['train.json', 'train.jsonl'],
    ...['labels', 'train_labels', 'trainLabels', 'training', 'train_data'].map((stem) => `${stem}.csv`),
  ],
  'test.csv': ['test.json', 'test.jsonl', 'testing.csv', 'test_data.csv'],
};

/**
 * `train.csv` may lie there as `train.csv.gz`, `train.csv.zip`, `train.zip`, `train.tsv`, `train.json` or `labels.csv`;
 * nothing when none does. An archive of images is no table.
 */
export async function tableFile(folder: string, name: string): Promise<string | undefined> {
  const stem = name.replace(/\.csv$/, '');
  const others = name.endsWith('.csv') ? [`${stem}.zip`, `${stem}.tsv`, `${stem}.tsv.gz`] : [];
  const called = OTHER_NAMES[name] ?? [];
  const names = [name, `${name}.gz`, `${name}.zip`, ...others, ...called, ...called.flatMap(packed)];
  for (const each of names) {
    const path = join(folder, each);
    if ((await isFile(path)) && (!each.endsWith('.zip') || (await holdsTable(path)))) return each;
  }
  return undefined;
}

function packed(name: string): readonly string[] {
  return [`${name}.gz`, `${name}.zip`];
}

/** The form of the answer under one of its usual names. */
export async function sampleFile(folder: string): Promise<string | undefined> {
  return firstFile(folder, [
    ...SAMPLES,
    ...SAMPLES.map((name) => `${name}.gz`),
    ...SAMPLES.map((name) => `${name}.zip`),
  ]);
}

export async function firstFile(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if (await isFile(join(folder, name))) return name;
  return undefined;
}

export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
