/** A prepared regression task on disk: hidden rows, test rows, and the truth of both. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PreparedTask } from '../../src/domain/split.js';

export interface PreparedOnDisk {
  readonly folder: string;
  readonly prepared: PreparedTask;
  /** Every row that a program in view `main` must predict. */
  readonly rows: readonly { readonly id: string; readonly truth: number }[];
}

/** `hidden` rows in alternating parts `search` and `final`, and 100 test rows; hold-out mode, RMSE. */
export async function preparedTask(folder: string, hidden: number): Promise<PreparedOnDisk> {
  const row = (index: number) => ({ id: `r${index}`, truth: ((index * 37) % 101) / 3 });
  const rows = Array.from({ length: hidden + 100 }, (_, index) => row(index));
  const labels = rows
    .slice(0, hidden)
    .map(({ id, truth }, index) => `${id},${index % 2 === 0 ? 'search' : 'final'},${truth}`);
  const tests = rows.slice(hidden).map(({ id }) => `${id},${id.slice(1)}`);
  await mkdir(join(folder, 'hidden'), { recursive: true });
  await writeFile(join(folder, 'hidden', 'labels.csv'), ['row_id,part,label', ...labels, ''].join('\n'));
  await writeFile(join(folder, 'hidden', 'test_ids.csv'), ['row_id,original_id', ...tests, ''].join('\n'));
  const score = { value: 10, standardError: 1, rows: hidden, direction: 'minimise', source: 'hidden' };
  const prepared = PreparedTask.parse({
    card: {
      taskId: 'lines',
      title: 'Lines',
      modality: 'tabular',
      taskType: 'regression',
      metric: 'rmse',
      direction: 'minimise',
      predictions: 'value',
      target: 'target',
      idColumn: 'id',
      submissionColumns: ['target'],
      targetRange: [0, 34],
      rows: { train: hidden * 9, test: 100 },
      columns: [],
      regimes: [],
      packages: {},
      warnings: [],
    },
    split: {
      mode: 'holdout',
      reason: 'made for a test',
      relation: 'random',
      stratified: false,
      seed: 1,
      rows: { labelled: hidden * 10, search: hidden / 2, final: hidden / 2 },
      folds: 0,
      hash: 'none',
    },
    views: { main: join(folder, 'views', 'main'), full: join(folder, 'views', 'full') },
    hiddenFolder: join(folder, 'hidden'),
    predictionsFolder: join(folder, 'predictions'),
    baselineSubmission: join(folder, 'baseline_submission.csv'),
    baseline: score,
  });
  return { folder, prepared, rows };
}
