import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UserError } from '../../../src/domain/errors.js';
import { loadTaskFolder } from '../../../src/tasks/folder.js';
import { writeImport } from '../../../src/tasks/importers/benchmark-folder.js';
import { isMleDojo, isStub, planMleDojo } from '../../../src/tasks/importers/mle-dojo.js';
import { type Files, numberTable, putFiles, textBoard } from '../../support/benchmark-fixtures.js';

const METRIC = [
  'from mledojo.metrics.base import CompetitionMetrics, InvalidSubmissionError',
  'from sklearn.metrics import mean_absolute_error',
  '',
  'class HouseMetrics(CompetitionMetrics):',
  '    def __init__(self, value="y", higher_is_better=False):',
  '        super().__init__(higher_is_better)',
  '        self.value = value',
  '',
  '    def validate_submission(self, submission, ground_truth):',
  '        return "valid"',
  '',
  '    def evaluate(self, y_true, y_pred):',
  '        return mean_absolute_error(y_true[self.value], y_pred[self.value])',
  '',
].join('\n');
const SCRIPTS: Files = {
  'info/description.txt': 'Predict y.\n',
  'info/public_leaderboard.csv': textBoard([0.1, 0.2, 0.3]),
  'info/private_leaderboard.csv': textBoard([0.15, 0.25, 0.35]),
  'utils/metric.py': METRIC,
  'utils/prepare.py': 'def prepare(raw, public, private):\n    x = raw\n    y = public\n    return x, y\n',
};
const DATA: Files = {
  'data/public/description.txt': 'Predict y.\n',
  'data/public/train.csv': numberTable(30, 0, ['a'], 'y'),
  'data/public/test.csv': numberTable(8, 50, ['a'], undefined),
  'data/public/sample_submission.csv': numberTable(8, 50, [], 'y'),
  'data/private/test_answer.csv': numberTable(8, 50, [], 'y'),
};

let root: string;
beforeEach(async () => {
  root = join(await mkdtemp(join(tmpdir(), 'mle-dojo-')), 'mledojo', 'competitions', 'house');
});
afterEach(async () => {
  await rm(join(root, '..', '..', '..'), { recursive: true });
});

async function faultOf(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error;
  throw error;
}

describe('a competition of MLE-Dojo', () => {
  test('becomes a task; its private board comes first', async () => {
    await putFiles(root, { ...SCRIPTS, ...DATA });
    const planned = await planMleDojo({ folder: root });
    expect(planned.plan).toMatchObject({
      benchmark: 'mle-dojo',
      competitionId: 'house',
      answers: join(root, 'data/private/test_answer.csv'),
      metric: { name: 'mae', source: 'code' },
      boards: [join(root, 'info/private_leaderboard.csv'), join(root, 'info/public_leaderboard.csv')],
      grader: { metricFile: join(root, 'utils/metric.py'), checkout: join(root, '..', '..', '..') },
      task: { id: 'house', target: 'y', id_column: 'id', metric: 'mae', description: 'description.txt' },
    });
    const { folder } = await writeImport(planned, join(root, '..', 'imported'));
    const { source } = await loadTaskFolder(folder);
    expect(source.privateFolder).toBe(join(root, 'data/private'));
    expect(source.task.target).toBe('y');
  });

  test('has one board where the other was never shipped', async () => {
    const { 'info/private_leaderboard.csv': _, ...rest } = SCRIPTS;
    await putFiles(root, { ...rest, ...DATA });
    const { plan } = await planMleDojo({ folder: root });
    expect(plan.boards).toEqual([join(root, 'info/public_leaderboard.csv')]);
  });

  test('takes boards from the prepared data before those of the folder', async () => {
    await putFiles(root, { ...SCRIPTS, ...DATA, 'data/private/private_leaderboard.csv': textBoard([0.1]) });
    const { plan } = await planMleDojo({ folder: root });
    expect(plan.boards[0]).toBe(join(root, 'data/private/private_leaderboard.csv'));
  });

  test.each(Object.keys(DATA).filter((path) => !/(train|test)\.csv$/.test(path)))(
    'is refused without %s',
    async (path) => {
      const { [path]: _, ...rest } = DATA;
      await putFiles(root, { ...SCRIPTS, ...rest });
      const fault = await faultOf(planMleDojo({ folder: root }));
      expect(fault).toMatchObject({ code: 'benchmark-invalid' });
      expect(fault.message).toMatch(
        path.includes('private') ? /data\/private is missing/ : new RegExp(`${path} is missing`),
      );
      expect(fault.next).toMatch(/own scripts/);
    },
  );

  test('whose prepare.py is a stub is reported as not prepared, and nothing is run', async () => {
    await putFiles(root, {
      ...SCRIPTS,
      'utils/prepare.py': 'def prepare(raw, public, private):\n    pass  # elsewhere\n',
    });
    const fault = await faultOf(planMleDojo({ folder: root }));
    expect(fault.message).toContain('house is not prepared');
    expect(fault.next).toMatch(/stub/);
  });

  test('is told from a prepared folder of MLE-bench', async () => {
    await putFiles(root, SCRIPTS);
    expect(await isMleDojo(root)).toBe(true);
    await putFiles(root, { 'other/prepared/public/train.csv': 'x\n' });
    expect(await isMleDojo(join(root, 'other'))).toBe(false);
  });
});

test.each([
  ['def prepare(raw, public, private):\n    pass\n', true],
  [
    '"""Prepared by a script for all."""\nfrom pathlib import Path\n\ndef prepare(raw, public, private):\n    ...\n',
    true,
  ],
  [
    'import shutil\n\ndef prepare(raw, public, private):\n    shutil.copy(raw, public)\n    shutil.copy(raw, private)\n',
    false,
  ],
])('%j is a stub: %s', async (text, expected) => {
  await putFiles(root, { 'prepare.py': text });
  expect(await isStub(join(root, 'prepare.py'))).toBe(expected);
});
