/** Which file of a folder is a table: by its name, or packed, or under the suffix of another separator. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

const SAMPLES = [
  'sample_submission.csv',
  'sampleSubmission.csv',
  'SampleSubmission.csv',
  'sample_submission_null.csv',
  'gender_submission.csv',
  'randomPredictions.csv',
];

/** `train.csv` may lie there as `train.csv.gz`, `train.csv.zip`, `train.zip` or `train.tsv`; nothing when none does. */
export async function tableFile(folder: string, name: string): Promise<string | undefined> {
  const stem = name.replace(/\.csv$/, '');
  const others = name.endsWith('.csv') ? [`${stem}.zip`, `${stem}.tsv`, `${stem}.tsv.gz`] : [];
  return firstFile(folder, [name, `${name}.gz`, `${name}.zip`, ...others]);
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
