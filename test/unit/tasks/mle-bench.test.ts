/** Each trap of the benchmark's prepared folders, by name. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { completedSubmission } from '../../../src/benchmarks/complete.js';
import { UserError } from '../../../src/domain/errors.js';
import { loadTaskFolder } from '../../../src/tasks/folder.js';
import { readImport, writeImport } from '../../../src/tasks/importers/benchmark-folder.js';
import type { BenchmarkPlan } from '../../../src/tasks/importers/benchmark-plan.js';
import { type MleBenchSource, planMleBench } from '../../../src/tasks/importers/mle-bench.js';
import {
  benchBoard,
  columnGrader,
  type FakeCompetition,
  type Files,
  LFS_POINTER,
  numberTable,
  putCheckout,
  putFiles,
} from '../../support/benchmark-fixtures.js';

const TRAIN = numberTable(40, 0, ['a', 'b'], 'y');
const TEST = numberTable(10, 100, ['a', 'b'], undefined);
const SAMPLE = `id,y\n${Array.from({ length: 10 }, (_, i) => `${100 + i},0`).join('\n')}\n`;
const ANSWERS = numberTable(10, 100, [], 'y');
const MAE = columnGrader(
  'mean_absolute_error(truth, prediction)',
  'from sklearn.metrics import mean_absolute_error',
  'y',
);
const PLAIN: Files = {
  'prepared/public/train.csv': TRAIN,
  'prepared/public/test.csv': TEST,
  'prepared/public/sample_submission.csv': SAMPLE,
  'prepared/private/test.csv': ANSWERS,
};
const COMPETITION: FakeCompetition = { id: 'pressure', graderName: 'mean-absolute-error', code: MAE };

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mle-bench-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const data = (id = 'pressure'): string => join(root, 'data', id);
const checkout = (): string => join(root, 'mle-bench');

async function planOf(
  files: Files,
  competition: Partial<FakeCompetition> | undefined,
  source: Partial<MleBenchSource> = {},
): Promise<BenchmarkPlan> {
  const whole = { ...COMPETITION, ...competition };
  await putFiles(data(whole.id), files);
  if (competition) await putCheckout(checkout(), [whole]);
  const { plan } = await planMleBench({
    folder: data(whole.id),
    ...(competition && { checkout: checkout() }),
    ...source,
  });
  return plan;
}

async function imported(files: Files, competition?: Partial<FakeCompetition>) {
  const whole = { ...COMPETITION, ...competition };
  await putFiles(data(whole.id), files);
  if (competition) await putCheckout(checkout(), [whole]);
  const planned = await planMleBench({ folder: data(whole.id), ...(competition && { checkout: checkout() }) });
  return writeImport(planned, join(root, 'imported'));
}

async function faultOf(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error;
  throw error;
}

describe('a competition with a checkout', () => {
  test('becomes a task that the ordinary loader takes without a guess', async () => {
    const { folder, plan } = await imported(PLAIN, { board: benchBoard([1, 2, 3]) });
    const { source, guessed } = await loadTaskFolder(folder);
    expect(guessed).toEqual([]);
    expect(source.task).toMatchObject({
      id: 'pressure',
      title: 'About pressure',
      target: 'y',
      id_column: 'id',
      metric: 'mae',
      sample_submission: 'sample_submission.csv',
    });
    expect(plan).toMatchObject({
      competitionId: 'pressure',
      answers: join(data(), 'prepared/private/test.csv'),
      idColumns: ['id'],
      columns: ['y'],
      metric: { name: 'mae', source: 'code' },
      boards: [join(checkout(), 'mlebench/competitions/pressure/leaderboard.csv')],
      notes: [],
    });
    expect((await readImport(folder)).plan).toEqual(plan);
  });

  test('shows programs nothing private: neither answers nor their path', async () => {
    const { folder } = await imported(PLAIN, {});
    const { source } = await loadTaskFolder(folder);
    expect(source.folder).toBe(join(folder, 'public'));
    const toml = await readFile(join(folder, 'task.toml'), 'utf8');
    expect(toml).not.toContain('private');
    expect(await faultOf(readImport(source.folder))).toMatchObject({ code: 'benchmark-invalid' });
  });

  test('names the folder of the answers, so that a run can prove that no program reaches it', async () => {
    const { folder } = await imported(PLAIN, {});
    const { source } = await loadTaskFolder(folder);
    expect(source.privateFolder).toBe(join(data(), 'prepared/private'));
  });

  test('trap: the sample submission bears the name that config.yaml says, not a usual one', async () => {
    const { 'prepared/public/sample_submission.csv': sample, ...rest } = PLAIN;
    const files = {
      ...rest,
      'prepared/public/randomPredictions.csv': sample!,
      'prepared/public/a_submission.csv': 'id,z\n1,2\n',
    };
    const plan = await planOf(files, { sample: 'public/randomPredictions.csv' });
    expect(plan.task.sample_submission).toBe('randomPredictions.csv');
    expect(plan.columns).toEqual(['y']);
  });

  test('trap: a sample among the private files is shown with ids and columns, every other cell blanked', async () => {
    const { 'prepared/public/sample_submission.csv': _, ...rest } = PLAIN;
    const told = `id,y\n${Array.from({ length: 10 }, (_, i) => `${100 + i},${i * 1.5}`).join('\n')}\n`;
    const files = { ...rest, 'prepared/private/sample_submission.csv': told };
    const { folder, plan } = await imported(files, { sample: 'private/sample_submission.csv' });
    const { source } = await loadTaskFolder(folder);
    expect(await readFile(join(source.folder, 'sample_submission.csv'), 'utf8')).toBe(SAMPLE);
    expect(await readFile(join(data(), 'prepared/private/sample_submission.csv'), 'utf8')).toBe(told);
    expect(source.task.target).toBe('y');
    expect(plan.notes.join(' ')).toMatch(/private files.*blanked/);
  });

  test('trap: texts of a private sample are blanked too', async () => {
    const files = {
      'prepared/public/train.csv': 'id,sentence\n1,a b c\n2,d e f\n3,g h i\n',
      'prepared/public/test.csv': 'id,words\n7,x y\n8,z\n',
      'prepared/private/sample_submission.csv': 'id,sentence\n7,"the, answer"\n8,is this\n',
      'prepared/private/test.csv': 'id,sentence\n7,p\n8,q\n',
    };
    const { folder } = await imported(files, { sample: 'private/sample_submission.csv' });
    expect(await readFile(join(folder, 'public', 'sample_submission.csv'), 'utf8')).toBe('id,sentence\n7,\n8,\n');
  });

  test("trap: the grader's label is wrong, its code says MAE", async () => {
    const plan = await planOf(PLAIN, { graderName: 'dice-hausdorff-combo' });
    expect(plan.task.metric).toBe('mae');
    expect(plan.notes).toContainEqual(expect.stringMatching(/"dice-hausdorff-combo".*computes mae, which is taken/));
  });

  test("trap: the label says log loss, the code is a mean of columns' RMSE: several targets", async () => {
    const columns = ['reactivity', 'deg_pH10'];
    const train = `id,seq,${columns.join(',')}\n1,GGA,0.1,0.2\n2,CCA,0.3,0.4\n3,AAA,0.5,0.1\n`;
    const plan = await planOf(
      {
        'prepared/public/train.csv': train,
        'prepared/public/test.csv': 'id,seq\n7,GGG\n8,CCC\n',
        'prepared/public/sample_submission.csv': `id,${columns.join(',')}\n7,0,0\n8,0,0\n`,
        'prepared/private/test.csv': `id,${columns.join(',')}\n7,0,0\n8,0,0\n`,
      },
      {
        graderName: 'multi-class-log-loss',
        code: 'from sklearn.metrics import root_mean_squared_error\n\ndef grade(s, a):\n    return np.mean([root_mean_squared_error(a[c], s[c]) for c in C])\n',
      },
    );
    expect(plan.task).toMatchObject({ metric: 'rmse', target: 'reactivity', targets: columns });
    expect(plan.notes).toContainEqual(expect.stringMatching(/multi-class-log-loss.*logloss.*computes rmse/));
  });

  test('trap: answers as JSON lines are found, and no table is expected of them', async () => {
    const { 'prepared/private/test.csv': _, ...rest } = PLAIN;
    const plan = await planOf({ ...rest, 'prepared/private/test.jsonl': '{"id": 1}\n' }, { answers: 'test.jsonl' });
    expect(plan.answers).toBe(join(data(), 'prepared/private/test.jsonl'));
  });

  test('trap: answers of any name', async () => {
    const { 'prepared/private/test.csv': answers, ...rest } = PLAIN;
    const plan = await planOf(
      { ...rest, 'prepared/private/inklabels_rle.csv': answers!, 'prepared/private/gold_submission.csv': SAMPLE },
      { answers: 'inklabels_rle.csv' },
    );
    expect(plan.answers).toBe(join(data(), 'prepared/private/inklabels_rle.csv'));
  });

  test('trap: a leaderboard that is a git-LFS pointer is recognised and named', async () => {
    const plan = await planOf(PLAIN, { board: LFS_POINTER });
    expect(plan.boards).toEqual([]);
    expect(plan.notes.join(' ')).toMatch(/leaderboard\.csv is a git-LFS pointer.*git lfs pull.*--leaderboard/);
  });

  test('takes the board of another source in its place', async () => {
    const plan = await planOf(PLAIN, { board: LFS_POINTER }, { leaderboard: '/boards/private_leaderboard.csv' });
    expect(plan.boards).toEqual(['/boards/private_leaderboard.csv']);
    expect(plan.notes).toEqual([]);
  });

  test('trap: a board with no file says that there are no medals', async () => {
    expect((await planOf(PLAIN, {})).notes.join(' ')).toMatch(/no leaderboard.*no medals/i);
  });

  test('trap: no table to predict: one is made of the ids, and images are named by them', async () => {
    const { folder, plan } = await imported(
      {
        'prepared/public/labels.csv': 'id,breed\na1,pug\na2,collie\na3,pug\n',
        'prepared/public/sample_submission.csv': 'id,collie,pug\nb1,0.5,0.5\nb2,0.5,0.5\n',
        'prepared/public/train/a1.jpg': 'x',
        'prepared/public/test/b1.jpg': 'x',
        'prepared/private/test.csv': 'id,collie,pug\nb1,1,0\nb2,0,1\n',
      },
      { code: 'from sklearn.metrics import log_loss\n\ndef grade(s, a):\n    return log_loss(a, s)\n' },
    );
    const { source } = await loadTaskFolder(folder);
    expect(source.task).toMatchObject({
      train: 'labels.csv',
      test: 'test.csv',
      target: 'breed',
      id_column: 'id',
      metric: 'logloss',
    });
    expect(await readFile(join(source.folder, 'test.csv'), 'utf8')).toBe('id\nb1\nb2\n');
    expect(await readFile(join(source.folder, 'train', 'a1.jpg'), 'utf8')).toBe('x');
    expect(source.task.ruler).toBeUndefined();
    expect(plan.notes.join(' ')).toContain('test.csv was made from the ids');
  });

  test('trap: what our splitter cannot express is imported as a task that scores itself, with the reason', async () => {
    const { folder, plan } = await imported(
      {
        'prepared/public/train/1/mask.png': 'x',
        'prepared/public/sample_submission.csv': 'id,encoded_pixels\n7,1 1\n',
        'prepared/private/test.csv': 'id,encoded_pixels\n7,1 5\n',
      },
      { code: 'def grade(s, a):\n    return global_dice(s, a)\n', graderName: 'global-dice' },
    );
    expect(plan.task.ruler).toBe('script');
    expect(plan.notes.join(' ')).toContain('Self-reported scores (ruler "script"): There is no labelled table.');
    expect(await readFile(join(folder, 'task.toml'), 'utf8')).toContain('ruler = "script"');
  });

  test('trap: a metric that is none of ours is left to the benchmark', async () => {
    const plan = await planOf(PLAIN, { code: 'def grade(s, a):\n    return odd(s, a)\n', graderName: 'angular-error' });
    expect(plan.task).toMatchObject({ metric: 'custom', ruler: 'script' });
    expect(plan.metric).toBeUndefined();
    expect(plan.grader).toMatchObject({ gradeFunction: 'mlebench.competitions.pressure.grade:grade' });
  });

  test('trap: a top-1 error is one minus an accuracy', async () => {
    const code = columnGrader(
      '1 - accuracy_score(truth, prediction)',
      'from sklearn.metrics import accuracy_score',
      'y',
    );
    const plan = await planOf(PLAIN, { code, graderName: 'top-1-error' });
    expect(plan.metric).toEqual({ name: 'accuracy', complement: true, source: 'code' });
    expect(plan.direction).toBe('maximise');
  });

  const INSULTS: Files = {
    'prepared/public/train.csv': 'Insult,Date,Comment\n1,2012,you\n0,2013,hello\n0,2014,there\n',
    'prepared/public/test.csv': 'Date,Comment\n2015,"x, y"\n2016,z\n',
    'prepared/public/sample_submission_null.csv': 'Insult,Date,Comment\n0,2015,"x, y"\n0,2016,z\n',
    'prepared/private/test.csv': 'Insult,Date,Comment\n1,2015,"x, y"\n0,2016,z\n',
  };
  const AUC = {
    sample: 'public/sample_submission_null.csv',
    code: 'def grade(s, a):\n    return roc_auc_score(a, s)\n',
  };

  test('trap: no column is an id: columns that the test table gives are no targets, and rows are numbered', async () => {
    const { folder, plan } = await imported(INSULTS, AUC);
    expect(plan).toMatchObject({
      idColumns: ['Date', 'Comment'],
      columns: ['Insult'],
      task: { target: 'Insult', metric: 'auc' },
    });
    const { source } = await loadTaskFolder(folder);
    expect(source.task.id_column).toBeUndefined();
    expect(await readFile(join(source.folder, source.task.sample_submission!), 'utf8')).toBe(
      'row_id,Insult\n0,0\n1,0\n',
    );
  });

  test('trap: the answer of numbered rows gets the columns of the benchmark back, whatever the order of its rows', async () => {
    const { plan } = await imported(INSULTS, AUC);
    await putFiles(root, { 'a.csv': 'row_id,Insult\n1,0.25\n0,0.75\n', 'b.csv': 'row_id,Insult\n0,0.75\n' });
    expect(await completedSubmission(plan, join(root, 'a.csv'))).toBe(
      'Insult,Date,Comment\n0.75,2015,"x, y"\n0.25,2016,z\n',
    );
    expect(await completedSubmission(plan, join(root, 'b.csv'))).toBeUndefined();
    const own = join(data(), 'prepared/public/sample_submission_null.csv');
    expect(await completedSubmission(plan, own)).toBeUndefined();
    expect(await completedSubmission(await planOf(PLAIN, {}), join(root, 'a.csv'))).toBeUndefined();
  });

  test('trap: a sample in another order than the test table is not numbered', async () => {
    const plan = await planOf(
      { ...INSULTS, 'prepared/public/sample_submission_null.csv': 'Insult,Date,Comment\n0,2016,z\n0,2015,"x, y"\n' },
      AUC,
    );
    expect(plan.rowNumbers).toBeUndefined();
  });

  test('trap: packed tables are found by their names', async () => {
    const { 'prepared/public/train.csv': train, ...rest } = PLAIN;
    const plan = await planOf({ ...rest, 'prepared/public/en_train.csv': train! }, {});
    expect(plan.task).toMatchObject({ train: 'en_train.csv', target: 'y' });
  });

  test('without answers can be run and says that it cannot be graded', async () => {
    const { 'prepared/private/test.csv': _, ...rest } = PLAIN;
    const plan = await planOf(rest, {});
    expect(plan.answers).toBeUndefined();
    expect(plan.notes.join(' ')).toContain('not graded');
  });

  test.each([['prepared'], ['prepared/public'], ['']])('is found from <id>/%s', async (inside) => {
    const plan = await planOf(PLAIN, {}, { folder: join(data(), inside) });
    expect(plan.competitionId).toBe('pressure');
    expect(plan.publicFolder).toBe(join(data(), 'prepared/public'));
  });
});

describe('a prepared folder alone', () => {
  test('is guessed: tables, target, answers; the metric from its description', async () => {
    const plan = await planOf(
      { ...PLAIN, 'prepared/public/description.md': '## Evaluation\n\nMean absolute error.\n' },
      undefined,
    );
    expect(plan.task).toMatchObject({ target: 'y', metric: 'mae', description: 'description.md' });
    expect(plan.answers).toBe(join(data(), 'prepared/private/test.csv'));
    expect(plan.grader).toBeUndefined();
    expect(plan.notes.join(' ')).toContain('the description says "mean absolute error"');
  });

  test('may be the public part by itself, as agents of the benchmark see it', async () => {
    await putFiles(join(root, 'home/data'), { 'train.csv': TRAIN, 'test.csv': TEST, 'sample_submission.csv': SAMPLE });
    const { plan } = await planMleBench({ folder: join(root, 'home/data') });
    expect(plan).toMatchObject({ competitionId: 'data', publicFolder: join(root, 'home/data'), task: { target: 'y' } });
    expect(plan.answers).toBeUndefined();
  });

  test('does not take a sample or gold submission among the private files for the answers', async () => {
    const { 'prepared/private/test.csv': answers, ...rest } = PLAIN;
    const files = { ...rest, 'prepared/private/gold_submission.csv': SAMPLE, 'prepared/private/masks.csv': answers! };
    expect((await planOf(files, undefined)).answers).toBe(join(data(), 'prepared/private/masks.csv'));
  });
});

describe('what is refused', () => {
  test('a folder that is only raw data, with the command that prepares it', async () => {
    await putFiles(data(), { 'raw/train.zip': 'x' });
    const fault = await faultOf(planMleBench({ folder: data() }));
    expect(fault).toMatchObject({ code: 'benchmark-invalid', next: 'Prepare it first: mlebench prepare -c pressure' });
    expect(fault.message).toContain('only raw data');
  });

  test('a checkout that is none', async () => {
    await putFiles(data(), PLAIN);
    await putFiles(root, { 'elsewhere/README.md': 'x' });
    const fault = await faultOf(planMleBench({ folder: data(), checkout: join(root, 'elsewhere') }));
    expect(fault).toMatchObject({ code: 'benchmark-invalid' });
    expect(fault.message).toContain('mlebench/competitions');
  });

  test('an id that the checkout does not know, with the nearest', async () => {
    await putFiles(data('presure'), PLAIN);
    await putCheckout(checkout(), [COMPETITION]);
    const fault = await faultOf(planMleBench({ folder: data('presure'), checkout: checkout() }));
    expect(fault.code).toBe('path-missing');
    expect(fault.message).toContain('Did you mean "pressure"?');
  });

  test('a config.yaml that lacks its grader, by the name of the key', async () => {
    await putFiles(data(), PLAIN);
    await putCheckout(checkout(), [
      {
        ...COMPETITION,
        more: { 'config.yaml': 'id: pressure\ndescription: x\ndataset: {answers: a, sample_submission: b}\n' },
      },
    ]);
    const fault = await faultOf(planMleBench({ folder: data(), checkout: checkout() }));
    expect(fault.message).toContain('grader');
  });

  test('a target folder that somebody else filled; one that an import made is replaced', async () => {
    const { folder } = await imported(PLAIN, {});
    await imported(PLAIN, {});
    await putFiles(root, { 'mine/notes.txt': 'keep' });
    const planned = await planMleBench({ folder: data(), checkout: checkout() });
    expect(await faultOf(writeImport(planned, join(root, 'mine')))).toMatchObject({ code: 'option-invalid' });
    expect(await readFile(join(root, 'mine/notes.txt'), 'utf8')).toBe('keep');
    expect((await readImport(folder)).plan.competitionId).toBe('pressure');
  });
});
