/** A submission graded by the benchmark's own code and by our registry, in real interpreters. Needs AUTOMLGEN_PYTHON. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type CompetitionReport, medalOf } from '../../src/benchmarks/competition-report.js';
import { gradeSubmission } from '../../src/benchmarks/grade.js';
import { requirementsOf } from '../../src/benchmarks/python.js';
import { UserError } from '../../src/domain/errors.js';
import { createPythonEvaluator } from '../../src/evaluation/python.js';
import { loadTaskFolder } from '../../src/tasks/folder.js';
import { writeImport } from '../../src/tasks/importers/benchmark-folder.js';
import type { BenchmarkPlan } from '../../src/tasks/importers/benchmark-plan.js';
import { planMleBench } from '../../src/tasks/importers/mle-bench.js';
import { planMleDojo } from '../../src/tasks/importers/mle-dojo.js';
import {
  benchBoard,
  columnGrader,
  type FakeCompetition,
  type Files,
  LFS_POINTER,
  numberTable,
  putCheckout,
  putFiles,
  textBoard,
} from '../support/benchmark-fixtures.js';

const python = process.env.AUTOMLGEN_PYTHON ?? '';
const suite = python === '' ? describe.skip : describe;

const ROWS = 10;
const MAE = columnGrader(
  'mean_absolute_error(truth, prediction)',
  'from sklearn.metrics import mean_absolute_error',
  'y',
);
const BOARD = benchBoard([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
const ANSWERS = numberTable(ROWS, 100, [], 'y');
const FILES: Files = {
  'prepared/public/train.csv': numberTable(60, 0, ['a', 'b'], 'y'),
  'prepared/public/test.csv': numberTable(ROWS, 100, ['a', 'b'], undefined),
  'prepared/public/sample_submission.csv': shifted(0, () => 0),
  'prepared/private/test.csv': ANSWERS,
};

/** The answers with something done to each. */
function shifted(by: number, change: (truth: number, row: number) => number = (truth) => truth + by): string {
  const [, ...lines] = ANSWERS.trim().split('\n');
  const rows = lines.map((line, row) => {
    const [id = '', truth = ''] = line.split(',');
    return `${id},${change(Number(truth), row)}`;
  });
  return `id,y\n${rows.join('\n')}\n`;
}

/** Neither table has an id; the sample repeats what the test table says. */
const COMMENTS: Files = {
  'prepared/public/train.csv': `Insult,Date,Comment\n${Array.from({ length: 80 }, (_, i) => `${i % 2},${2000 + i},${i % 2 ? 'you fool' : 'kind words'} ${i}`).join('\n')}\n`,
  'prepared/public/test.csv': `Date,Comment\n${Array.from({ length: 20 }, (_, i) => `${2000 + 3 * i},words ${i}`).join('\n')}\n`,
  'prepared/public/sample_submission.csv': `Insult,Date,Comment\n${Array.from({ length: 20 }, (_, i) => `0,${2000 + 3 * i},words ${i}`).join('\n')}\n`,
  'prepared/private/test.csv': `Insult,Date,Comment\n${Array.from({ length: 20 }, (_, i) => `${i % 2},${2000 + 3 * i},words ${i}`).join('\n')}\n`,
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'benchmark-grade-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function plan(competition: Partial<FakeCompetition> = {}, files: Files = FILES): Promise<BenchmarkPlan> {
  const whole = { id: 'toy', graderName: 'mean-absolute-error', code: MAE, board: BOARD, ...competition };
  await putFiles(join(root, 'data/toy'), files);
  await putCheckout(join(root, 'mle-bench'), [whole]);
  return (await planMleBench({ folder: join(root, 'data/toy'), checkout: join(root, 'mle-bench') })).plan;
}

async function graded(
  of: BenchmarkPlan,
  submission: string,
  foreign: string | undefined = python,
): Promise<CompetitionReport> {
  await putFiles(root, { 'submission.csv': submission });
  const tools = { python, ...(foreign !== undefined && { foreignPython: async () => foreign }) };
  return gradeSubmission(tools, { plan: of, submissionPath: join(root, 'submission.csv'), createdAt: new Date(0) });
}

suite('a submission', () => {
  test.each([
    [0.1, 'gold'],
    [0.4, 'bronze'],
  ])('that misses by %d takes %s on a board of ten, smaller being better', async (by, medal) => {
    const report = await graded(await plan(), shifted(by));
    expect(report).toMatchObject({ score: by, graded_by: 'benchmark', registry_score: by, is_lower_better: true });
    expect(medalOf(report)).toBe(medal);
    expect(report.above_median).toBe(by < 0.55);
    expect(report.notes).toBeUndefined();
  });

  test('is graded by both; a difference between the graders is said', async () => {
    const code = MAE.replace(
      'return mean_absolute_error(truth, prediction)',
      'return mean_absolute_error(truth[:5], prediction[:5])',
    );
    const report = await graded(
      await plan({ code }),
      shifted(0, (truth, row) => truth + (row < 5 ? 0.1 : 0.3)),
    );
    expect(report).toMatchObject({ score: 0.1, registry_score: 0.2, graded_by: 'benchmark', gold_medal: true });
    expect(report.notes?.join(' ')).toContain('the benchmark says 0.1, our registry 0.2');
  });

  test('that the grader refuses has no score and a reason, though our registry can read it', async () => {
    const report = await graded(
      await plan(),
      shifted(0.1)
        .replace('id,y', 'id,y,z')
        .replaceAll(/(\d)\n/g, '$1,1\n')
        .replace('y,z,1', 'y,z'),
    );
    expect(report).toMatchObject({ score: null, valid_submission: false, submission_exists: true, any_medal: false });
    expect(report.reason).toContain('InvalidSubmissionError');
    expect(report.gold_threshold).toBe(0.1);
  });

  test('with too few rows is invalid for both', async () => {
    const report = await graded(await plan(), shifted(0.1).split('\n').slice(0, 5).join('\n'));
    expect(report).toMatchObject({ score: null, registry_score: null });
    expect(report.reason).toContain('4 rows instead of 10');
  });

  test('that is not there is no submission; so is one of another suffix', async () => {
    const of = await plan();
    const absent = { plan: of, submissionPath: join(root, 'none.csv'), createdAt: new Date(0) };
    expect(await gradeSubmission({ python }, absent)).toMatchObject({
      submission_exists: false,
      valid_submission: false,
    });
    await putFiles(root, { 'answer.txt': shifted(0) });
    const odd = { plan: of, submissionPath: join(root, 'answer.txt'), createdAt: new Date(0) };
    expect(await gradeSubmission({ python }, odd)).toMatchObject({ submission_exists: false, score: null });
  });

  test("is graded by our registry alone where the grader's packages are missing, and says so", async () => {
    const report = await graded(await plan({ code: `import no_such_package\n${MAE}` }), shifted(0.2));
    expect(report).toMatchObject({ score: 0.2, graded_by: 'registry', silver_medal: true });
    expect(report.notes?.join(' ')).toMatch(/registry alone.*no_such_package/);
  });

  test('is graded by our registry alone when nobody offers an interpreter', async () => {
    const of = await plan();
    await putFiles(root, { 'submission.csv': shifted(0.2) });
    const report = await gradeSubmission(
      { python },
      { plan: of, submissionPath: join(root, 'submission.csv'), createdAt: new Date(0) },
    );
    expect(report).toMatchObject({ score: 0.2, graded_by: 'registry' });
  });

  test('of JSON-line answers is left to the benchmark', async () => {
    const { 'prepared/private/test.csv': _, ...rest } = FILES;
    const lines = Array.from({ length: ROWS }, (_, i) => JSON.stringify({ id: 100 + i, y: 1 })).join('\n');
    const code = 'def grade(submission, answers):\n    return sum(row["y"] for row in answers) / len(submission)\n';
    const of = await plan({ code, answers: 'test.jsonl' }, { ...rest, 'prepared/private/test.jsonl': `${lines}\n` });
    const report = await graded(of, shifted(0));
    expect(report).toMatchObject({ score: 1, registry_score: null, graded_by: 'benchmark' });
    expect(report.notes?.join(' ')).toContain('no score of its own');
  });

  test('on a board with sentinel scores is told not to trust its thresholds', async () => {
    const report = await graded(await plan({ board: benchBoard([0.1, 0.2, 0.5, 999999, 999999]) }), shifted(0.2));
    expect(report.notes?.join(' ')).toContain(
      '2 of 5 scores on the leaderboard stand for no score, for example 999999',
    );
  });

  test('on a board that runs the other way than the metric follows the board and says so', async () => {
    const report = await graded(await plan({ board: benchBoard([0.9, 0.5, 0.1]) }), shifted(1));
    expect(report).toMatchObject({ is_lower_better: false, gold_medal: true });
    expect(report.notes?.join(' ')).toContain('larger is better, the metric mae the opposite');
  });

  test('without a board has a score and no medal; a board that is a pointer is refused when it is named', async () => {
    const of = await plan({ board: LFS_POINTER });
    expect(await graded(of, shifted(0))).toMatchObject({ score: 0, gold_threshold: null, any_medal: false });
    const named = { ...of, boards: [join(root, 'mle-bench/mlebench/competitions/toy/leaderboard.csv')] };
    await expect(graded(named, shifted(0))).rejects.toThrow(UserError);
  });

  test('of a top-1 error is one minus the accuracy for both', async () => {
    const code = columnGrader(
      '1 - accuracy_score(truth.astype(str), prediction.astype(str))',
      'from sklearn.metrics import accuracy_score',
      'y',
    );
    const report = await graded(
      await plan({ code }),
      shifted(0, (truth, row) => (row < 3 ? truth + 1 : truth)),
    );
    expect(report).toMatchObject({ score: 0.3, registry_score: 0.3, silver_medal: false, bronze_medal: true });
    expect(report.notes).toBeUndefined();
  });

  test('of known leaky data is flagged with the thread', async () => {
    const report = await graded({ ...(await plan()), competitionId: 'random-acts-of-pizza' }, shifted(0));
    expect(report.notes).toEqual([expect.stringMatching(/leaky: giver_username_if_known.*#108/)]);
  });
});

suite('an answer of numbered rows', () => {
  test('is graded in the form of the benchmark, by both', async () => {
    const code = columnGrader(
      'roc_auc_score(truth, prediction)',
      'from sklearn.metrics import roc_auc_score',
      'Insult',
      'Comment',
    ).replace('{"Comment", "Insult"}', '{"Comment", "Insult", "Date"}');
    const of = await plan({ code, board: benchBoard([0.9, 0.5]) }, COMMENTS);
    const rows = Array.from({ length: 20 }, (_, i) => `${i},${(i % 2) * 0.5 + (i < 2 ? 0.3 - (i % 2) * 0.6 : 0.1)}`);
    const report = await graded(of, `row_id,Insult\n${rows.reverse().join('\n')}\n`);
    expect(report).toMatchObject({ graded_by: 'benchmark', submission_path: join(root, 'submission.csv') });
    expect(report.score).toBe(report.registry_score);
    expect(report.score).toBeGreaterThan(0.8);
    expect(report.score).toBeLessThan(1);
  });
});

suite('a competition of MLE-Dojo', () => {
  const METRIC = [
    'from mledojo.metrics.base import CompetitionMetrics, InvalidSubmissionError',
    'from sklearn.metrics import mean_absolute_error',
    '',
    '',
    'class ToyMetrics(CompetitionMetrics):',
    '    def __init__(self, value="y", higher_is_better=False):',
    '        super().__init__(higher_is_better)',
    '        self.value = value',
    '',
    '    def validate_submission(self, submission, ground_truth):',
    '        if len(submission) != len(ground_truth):',
    '            raise InvalidSubmissionError("Number of rows")',
    '        return "Submission is valid."',
    '',
    '    def evaluate(self, y_true, y_pred):',
    '        return mean_absolute_error(y_true[self.value], y_pred[self.value])',
    '',
  ].join('\n');

  async function dojo(): Promise<BenchmarkPlan> {
    const folder = join(root, 'mledojo/competitions/toy');
    await putFiles(folder, {
      'info/private_leaderboard.csv': textBoard([0.1, 0.2, 0.3, 0.4]),
      'info/public_leaderboard.csv': textBoard([0.2, 0.4]),
      'utils/metric.py': METRIC,
      'data/public/description.txt': 'Predict y.\n',
      'data/public/train.csv': FILES['prepared/public/train.csv']!,
      'data/public/test.csv': FILES['prepared/public/test.csv']!,
      'data/public/sample_submission.csv': FILES['prepared/public/sample_submission.csv']!,
      'data/private/test_answer.csv': ANSWERS,
    });
    return (await planMleDojo({ folder })).plan;
  }

  test('is graded by its metric class, with HumanRank over both boards beside the medal', async () => {
    const report = await graded(await dojo(), shifted(0.2));
    // Second of four, and first of two: ties count.
    expect(report).toMatchObject({
      score: 0.2,
      registry_score: 0.2,
      graded_by: 'benchmark',
      human_rank: (0.75 + 1) / 2,
    });
  });

  test('refuses by validate_submission', async () => {
    const report = await graded(await dojo(), 'id,y\n100,1\n');
    expect(report).toMatchObject({ score: null, reason: 'InvalidSubmissionError: Number of rows' });
    expect(report.human_rank).toBeUndefined();
  });
});

suite('the grading code', () => {
  test('names what it needs: its own imports and those of the checkout, in the versions of the checkout', async () => {
    const { grader } = await plan({ code: `import numpy as np\nfrom Levenshtein import distance\n${MAE}` });
    expect(await requirementsOf(python, grader!)).toEqual([
      'levenshtein>=0.25.1',
      'numpy',
      'pandas>=2.2',
      'scikit-learn>=1.5',
    ]);
  });
});

suite('an imported competition', () => {
  test.each([
    ['a plain table', FILES, MAE, 'folds'],
    ['rows without an id', COMMENTS, 'def grade(s, a):\n    return roc_auc_score(a, s)\n', 'folds'],
    [
      'what cannot be expressed',
      {
        'prepared/public/masks/1.txt': 'x',
        'prepared/public/sample_submission.csv': 'id,pixels\n7,1 1\n8,1 1\n',
        'prepared/private/test.csv': 'id,pixels\n7,1 5\n8,1 2\n',
      },
      'def grade(s, a):\n    return odd(s, a)\n',
      'script',
    ],
  ] as const)('of %s is prepared by the ruler', async (_, files, code, mode) => {
    await putFiles(join(root, 'data/toy'), files);
    await putCheckout(join(root, 'mle-bench'), [{ id: 'toy', graderName: 'odd', code, board: BOARD }]);
    const planned = await planMleBench({ folder: join(root, 'data/toy'), checkout: join(root, 'mle-bench') });
    const { folder } = await writeImport(planned, join(root, 'imported'));
    const { source } = await loadTaskFolder(folder);
    const evaluator = createPythonEvaluator({ python, runtimeFolder: join(process.cwd(), 'python') });
    try {
      const request = {
        source,
        folder: join(root, 'prepared'),
        splitSeed: 1,
        mode: 'auto',
        cheapPrograms: true,
      } as const;
      const prepared = await evaluator.prepare(request);
      expect(prepared.split.mode).toBe(mode);
      expect(JSON.stringify(prepared)).not.toContain(source.privateFolder);
      expect(source.privateFolder).toBe(join(root, 'data/toy/prepared/private'));
    } finally {
      await evaluator.close();
    }
  });
});
