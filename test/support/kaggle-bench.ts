/** A competition as people know them, prepared in both modes, and scripts run on it by the real executor and scored by the real evaluator. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Evaluation } from '../../src/domain/evaluation.js';
import { NodeId } from '../../src/domain/ids.js';
import type { Outcome } from '../../src/domain/outcome.js';
import type { PreparedTask } from '../../src/domain/split.js';
import { createPythonEvaluator } from '../../src/evaluation/python.js';
import { createBench, RUNTIME_FOLDER, testPython } from './execution-setup.js';

export type Mode = 'holdout' | 'folds';

export interface Ran {
  readonly outcome: Outcome;
  /** Absent when the program failed. */
  readonly evaluation?: Evaluation;
  /** What it wrote in one view. */
  text(view: string, name: string): string;
}

export interface KaggleBench {
  readonly root: string;
  readonly prepared: Readonly<Record<Mode, PreparedTask>>;
  /** Main view, or the first two folds in one execution. */
  run(program: string, mode: Mode): Promise<Ran>;
  /** Scores files that were written without the executor. */
  score(mode: Mode, files: Readonly<Record<string, string>>): Promise<Evaluation>;
  close(): Promise<void>;
}

const FOLDER = join(process.cwd(), 'test', 'fixtures', 'kaggle-scripts');

export function script(name: string): string {
  return readFileSync(join(FOLDER, `${name}.py`), 'utf8');
}

export async function kaggleBench(): Promise<KaggleBench> {
  const bench = createBench({ slots: 2 });
  const root = mkdtempSync(join(tmpdir(), 'automlgen-kaggle-'));
  const evaluator = createPythonEvaluator({ python: testPython(), runtimeFolder: RUNTIME_FOLDER });
  writeTitanic(join(root, 'task'));
  const task = {
    id: 'titanic',
    train: 'train.csv',
    test: 'test.csv',
    target: 'Survived',
    metric: 'auc' as const,
    drop: [],
  };
  const prepare = (mode: Mode) =>
    evaluator.prepare({
      source: { task, folder: join(root, 'task') },
      splitSeed: 7,
      mode,
      cheapPrograms: true,
      folder: join(root, mode),
    });
  const prepared = { holdout: await prepare('holdout'), folds: await prepare('folds') };
  let nodes = 0;
  const evaluate = (mode: Mode, files: readonly { view: string; name: string; bytes: number; path: string }[]) => {
    nodes += 1;
    return evaluator.evaluate({
      prepared: prepared[mode],
      nodeId: NodeId.parse(`n${nodes}`),
      family: 'script',
      files,
      against: {},
      elite: [],
      unprotected: false,
    });
  };
  return {
    root,
    prepared,
    async run(program, mode) {
      const names = mode === 'holdout' ? ['main'] : ['fold1', 'fold2'];
      const views = names.map((name) => ({ name, input: prepared[mode].views[name]! }));
      const outputs = ['submission.csv', 'probabilities.csv', 'tells.json'];
      const limits = { memoryMiB: 1500, pids: 128, runSeconds: 60 };
      const outcome = await bench.run(program, { views, outputs, limits });
      const pathOf = (blob: string) => join(bench.root, 'blobs', blob);
      const files = outcome.files.filter(({ name }) => name !== 'tells.json');
      const text = (view: string, name: string) =>
        readFileSync(pathOf(outcome.files.find((file) => file.view === view && file.name === name)!.blob), 'utf8');
      if (outcome.kind !== 'finished') return { outcome, text };
      const paths = files.map(({ blob, ...file }) => ({ ...file, path: pathOf(blob) }));
      return { outcome, text, evaluation: await evaluate(mode, paths) };
    },
    score: (mode, files) =>
      evaluate(
        mode,
        Object.entries(files).map(([view, path]) => ({
          view,
          name: 'submission.csv',
          bytes: readFileSync(path).length,
          path,
        })),
      ),
    async close() {
      await evaluator.close();
      bench.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** 1,200 labelled and 400 test rows with running ids, missing cells, untidy numbers, and a third table. */
function writeTitanic(folder: string): void {
  mkdirSync(folder);
  const random = mulberry(20_260_101);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const rows = Array.from({ length: 1600 }, (_, index) => {
    const sex = random() < 0.4 ? 'female' : 'male';
    const pclass = pick([1, 2, 3, 3]);
    const age = random() < 0.2 ? '' : String(pick([0.75, 4, 11, 22, 28.5, 35, 41, 60]) + Math.floor(random() * 4));
    const fare = ((90 / pclass) * (0.3 + random())).toFixed(pick([0, 2, 4]));
    const title = sex === 'female' ? pick(['Mrs', 'Miss']) : Number(age || 30) < 12 ? 'Master' : 'Mr';
    const logit = (sex === 'female' ? 1.6 : -1.2) - 0.6 * (pclass - 2) + (Number(age || 30) < 12 ? 1.2 : 0);
    const survived = random() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
    const cells = [
      index + 1,
      pclass,
      `"Doe, ${title}. No ${(index * 7919) % 1600}"`,
      sex,
      age,
      fare,
      pick(['S', 'C', 'Q']),
    ];
    return { cells: cells.join(','), survived };
  });
  const head = 'PassengerId,Pclass,Name,Sex,Age,Fare,Embarked';
  const write = (name: string, lines: readonly string[]) => writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  const [train, test] = [rows.slice(0, 1200), rows.slice(1200)];
  write('train.csv', [`${head},Survived`, ...train.map(({ cells, survived }) => `${cells},${survived}`)]);
  write('test.csv', [head, ...test.map(({ cells }) => cells)]);
  write('sample_submission.csv', ['PassengerId,Survived', ...test.map((_, index) => `${index + 1201},0.5`)]);
  write('ports.csv', ['Embarked,km', 'S,1120', 'C,1310', 'Q,930']);
}

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
