/** `solution.py` makes the same answer as the submission: members are run again, averaged and decided by the recipe. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NodeId } from '../../src/domain/ids.js';
import { PreparedTask } from '../../src/domain/split.js';
import type { Evaluator } from '../../src/evaluation/port.js';
import { createPythonEvaluator } from '../../src/evaluation/python.js';
import { solutionFiles } from '../../src/results/solution.js';
import { preparedTask } from '../support/prepared-task.js';

const python = process.env.AUTOMLGEN_PYTHON;
const withPython = python === undefined ? describe.skip : describe;
const run = promisify(execFile);

const HIDDEN = 1_200;
const TESTS = 80;

interface Shape {
  readonly metric: string;
  readonly predictions: string;
  readonly columns: readonly string[];
  readonly classes?: readonly string[];
  readonly targets?: readonly string[];
  readonly targetRange?: readonly [number, number];
  /** Probabilities written beside the labels. */
  readonly shares: boolean;
  /** How a row's hidden number between 0 and 1 becomes its labels, one per target. */
  readonly truth: (number: number) => readonly (string | number)[];
  /** What a program that sees that number through noise writes: the cells of submission.csv. */
  readonly guess: (seen: number) => readonly (string | number)[];
  readonly averaging: string;
  readonly rule?: string;
}

/** Timid probabilities of levels 1, 2 and 3, so that a tuned rule pays. */
function levels(seen: number): readonly number[] {
  const weights = [0.6, 0.25, 0.15].map((share, level) => share * Math.exp(-Math.abs(level - 2.6 * seen) * 0.6));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

const likeliest = (shares: readonly number[]): number => shares.indexOf(Math.max(...shares));
const level = (number: number): string => String(1 + Math.min(2, Math.floor(number * number * 3)));
const two = (number: number): readonly number[] => [number > 0.6 ? 1 : 0, number > 0.8 ? 1 : 0];
const ordinal = {
  predictions: 'label',
  columns: ['grade'],
  classes: ['1', '2', '3'],
  truth: (number: number) => [level(number)],
  guess: (seen: number) => [String(1 + likeliest(levels(seen)))],
};

const SHAPES: readonly Shape[] = [
  { ...ordinal, metric: 'qwk', shares: true, averaging: 'probabilities', rule: 'cuts' },
  { ...ordinal, metric: 'f1-macro', shares: true, averaging: 'probabilities', rule: 'scaled' },
  {
    ...ordinal,
    metric: 'accuracy',
    shares: false,
    guess: (seen) => [level(Math.max(0, seen))],
    averaging: 'votes',
  },
  {
    metric: 'f1',
    predictions: 'label',
    columns: ['hit'],
    classes: ['no', 'yes'],
    shares: true,
    truth: (number) => [number > 0.7 ? 'yes' : 'no'],
    guess: (seen) => [seen > 1 ? 'yes' : 'no'],
    averaging: 'probabilities',
    rule: 'threshold',
  },
  {
    metric: 'f1-micro',
    predictions: 'label',
    columns: ['a', 'b'],
    targets: ['a', 'b'],
    shares: true,
    truth: two,
    guess: (seen) => two(seen - 0.3),
    averaging: 'probabilities',
    rule: 'thresholds',
  },
  {
    metric: 'rmsle',
    predictions: 'value',
    columns: ['price'],
    shares: false,
    targetRange: [0, 100],
    truth: (number) => [number * 100],
    guess: (seen) => [Math.max(0, seen * 100)],
    averaging: 'logarithms',
  },
  {
    metric: 'haversine',
    predictions: 'value',
    columns: ['latitude', 'longitude'],
    targets: ['latitude', 'longitude'],
    shares: false,
    truth: (number) => [number * 50, 175 + number * 4],
    guess: (seen) => [Math.min(89, seen * 50), wrapped(175 + seen * 4)],
    averaging: 'directions',
  },
  {
    metric: 'auc',
    predictions: 'probability',
    columns: ['chance'],
    classes: ['no', 'yes'],
    shares: false,
    truth: (number) => [number > 0.6 ? 'yes' : 'no'],
    guess: (seen) => [seen],
    averaging: 'ranks',
  },
];

const wrapped = (degrees: number): number => (degrees > 180 ? degrees - 360 : degrees);
const fraction = (index: number, by: number): number => (((index + 1) * by) % 1009) / 1009;
const idOf = (index: number): string => `r${index}`;

withPython('solution.py', () => {
  let root: string;
  let evaluator: Evaluator;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'automlgen-solution-'));
    evaluator = createPythonEvaluator({ python: python!, runtimeFolder: resolve('python') });
  });
  afterAll(async () => {
    await evaluator.close();
    await rm(root, { recursive: true, force: true });
  });

  it.each(SHAPES.map((shape) => [shape.metric, shape] as const))('%s: makes the submission again', async (_, shape) => {
    const folder = join(root, `${shape.metric}-${shape.averaging}`);
    const prepared = await taskOf(folder, shape);
    const nodes = [1, 2, 3].map((k) => NodeId.parse(`n${k}`));
    for (const nodeId of nodes) {
      const reply = await evaluator.evaluate({
        prepared,
        nodeId,
        family: nodeId,
        files: await answersOf(folder, shape, nodeId),
        against: {},
        elite: [],
        unprotected: false,
      });
      if (reply.kind !== 'valid') throw new Error(JSON.stringify(reply));
    }
    const choice = await evaluator.choose({
      prepared,
      nodes: nodes.map((nodeId) => ({ nodeId, family: nodeId, seconds: 1, value: 0.5 })),
      pinned: [],
      refitSeconds: 0,
    });
    expect(choice.averaging).toBe(shape.averaging);
    expect(choice.chosen.members.length).toBeGreaterThan(1);
    const path = join(folder, 'submission.csv');
    const { members } = choice.chosen;
    const written = await evaluator.writeSubmission({
      prepared,
      members,
      averaging: choice.averaging ?? 'none',
      refits: [],
      path,
    });
    expect(written.recipe).toMatchObject({ averaging: shape.averaging, modelsPerMember: 1 });
    expect(written.recipe?.rule?.kind).toBe(shape.rule);
    const programs = members.map((member) => ({ ...member, program: replay(folder, member.nodeId) }));
    await runSolution(folder, solutionFiles(programs, prepared.card, written.recipe));
    expectSame(await table(join(folder, 'again', 'working', 'submission.csv')), await table(path));
  });
});

async function taskOf(folder: string, shape: Shape): Promise<PreparedTask> {
  const { prepared } = await preparedTask(folder, 10);
  const names = shape.targets ? shape.targets.map((_, k) => `label.${k + 1}`) : ['label'];
  const rows = Array.from({ length: HIDDEN }, (_, index) => [
    idOf(index),
    index % 2 === 0 ? 'search' : 'final',
    ...shape.truth(fraction(index, 37)),
  ]);
  await writeFile(join(folder, 'hidden', 'labels.csv'), csv([['row_id', 'part', ...names], ...rows]));
  const tests = Array.from({ length: TESTS }, (_, k) => [idOf(HIDDEN + k), idOf(HIDDEN + k)]);
  await writeFile(join(folder, 'hidden', 'test_ids.csv'), csv([['row_id', 'original_id'], ...tests]));
  const { targetRange: _range, ...card } = prepared.card;
  return PreparedTask.parse({
    ...prepared,
    card: {
      ...card,
      metric: shape.metric,
      direction: shape.metric === 'rmsle' || shape.metric === 'haversine' ? 'minimise' : 'maximise',
      predictions: shape.predictions,
      target: shape.columns[0],
      submissionColumns: shape.columns,
      ...(shape.classes && { classes: shape.classes }),
      ...(shape.targets && { targets: shape.targets }),
      ...(shape.targetRange && { targetRange: shape.targetRange }),
    },
  });
}

/** Files of one program for all rows, each seen through noise of its own. */
async function answersOf(folder: string, shape: Shape, nodeId: string) {
  const own = 101 + 64 * Number(nodeId.slice(1));
  const seen = Array.from(
    { length: HIDDEN + TESTS },
    (_, index) => fraction(index, 37) + (fraction(index, own) - 0.5) * 0.5,
  );
  const tables: [string, (string | number)[][]][] = [
    ['submission.csv', [['id', ...shape.columns], ...seen.map((x, index) => [idOf(index), ...shape.guess(x)])]],
  ];
  if (shape.shares) {
    const columns = shape.targets ?? shape.classes ?? [];
    tables.push([
      'probabilities.csv',
      [['id', ...columns], ...seen.map((x, index) => [idOf(index), ...sharesOf(shape, x)])],
    ]);
  }
  await mkdir(join(folder, nodeId), { recursive: true });
  return Promise.all(
    tables.map(async ([name, rows]) => {
      const path = join(folder, nodeId, name);
      await writeFile(path, csv(rows));
      return { view: 'main', name, path, bytes: csv(rows).length };
    }),
  );
}

function sharesOf(shape: Shape, seen: number): readonly number[] {
  const bounded = Math.min(0.99, Math.max(0.01, seen * 0.6));
  if (shape.targets) return [bounded, bounded * 0.7];
  return shape.classes?.length === 2 ? [1 - bounded, bounded] : levels(seen);
}

/** A program that gives the answers it gave before, for the rows it is asked for. */
function replay(folder: string, nodeId: string): string {
  return `import shutil
from pathlib import Path

for path in Path(${JSON.stringify(join(folder, nodeId))}).glob("*.csv"):
    shutil.copy(path, Path("working") / path.name)
`;
}

async function runSolution(folder: string, files: readonly { readonly path: string; readonly text: string }[]) {
  const again = join(folder, 'again');
  await mkdir(join(again, 'input'), { recursive: true });
  await mkdir(join(again, 'members'), { recursive: true });
  for (const file of files) await writeFile(join(again, file.path), file.text);
  const ids = Array.from({ length: TESTS }, (_, k) => [idOf(HIDDEN + k), 0]);
  await writeFile(join(again, 'input', 'sample_submission.csv'), csv([['id', 'sample'], ...ids]));
  await run(python!, ['solution.py'], { cwd: again });
}

const csv = (rows: readonly (readonly (string | number)[])[]): string =>
  `${rows.map((row) => row.join(',')).join('\n')}\n`;

async function table(path: string): Promise<readonly (readonly string[])[]> {
  return (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split(','));
}

/** Equal texts, or numbers that differ by rounding alone. */
function expectSame(found: readonly (readonly string[])[], wanted: readonly (readonly string[])[]): void {
  expect(found.length).toBe(wanted.length);
  const differing = found.flatMap((row, r) =>
    row.filter((cell, c) => {
      const other = wanted[r]?.[c] ?? '';
      return cell !== other && !(Math.abs(Number(cell) - Number(other)) < 1e-6 * Math.max(1, Math.abs(Number(other))));
    }),
  );
  expect(differing).toEqual([]);
  expect(new Set(wanted.slice(1).map((row) => row[1])).size).toBeGreaterThan(1);
}
