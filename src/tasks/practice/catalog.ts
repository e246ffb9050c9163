/** The bundled practice competitions: real data from inside installed Python packages, with private answers and a board. */
import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode, UserError } from '../../domain/errors.js';
import type { Direction, MetricName } from '../../domain/metric.js';
import type { TaskSource } from '../../domain/task.js';
import { loadTaskFolder } from '../folder.js';
import { didYouMean } from '../suggest.js';

export interface Practice {
  readonly id: string;
  readonly title: string;
  readonly modality: 'tabular' | 'text-classification' | 'text-regression' | 'image-classification';
  readonly metric: MetricName;
  readonly direction: Direction;
  /** Labelled rows and rows to predict; a few more or less by seed. */
  readonly rows: { readonly train: number; readonly test: number };
  /** What a program has to get right. */
  readonly lesson: string;
  /** The data come from a package that candidates do not have: `BuildOptions.packages` is needed. */
  readonly dataPackage?: true;
}

export const PRACTICE: readonly Practice[] = [
  {
    id: 'p01-manifest',
    title: "Who survived, from the ship's papers",
    modality: 'tabular',
    metric: 'auc',
    direction: 'maximise',
    rows: { train: 916, test: 393 },
    lesson: 'Names, tickets and cabins hold signal; two columns that tell are missing from the test table.',
  },
  {
    id: 'p01-leak-drill',
    title: 'Who survived, with a column that tells',
    modality: 'tabular',
    metric: 'auc',
    direction: 'maximise',
    rows: { train: 916, test: 393 },
    lesson: 'A column gives the answer away: the alarm must ring, and nobody may be proud of the score.',
  },
  {
    id: 'p02-birthweight',
    title: 'Birth weight of 4,642 newborns',
    modality: 'tabular',
    metric: 'rmse',
    direction: 'minimise',
    rows: { train: 3249, test: 1393 },
    lesson: 'Little signal: boosting with default settings over-fits.',
  },
  {
    id: 'p03-clinic',
    title: 'Doctor visits of 5,912 people',
    modality: 'tabular',
    metric: 'rmsle',
    direction: 'minimise',
    rows: { train: 14150, test: 6040 },
    lesson: 'Rows of a person belong together; errors count on the logarithm.',
  },
  {
    id: 'p04-marriage',
    title: 'How 6,366 readers rate their marriage',
    modality: 'tabular',
    metric: 'qwk',
    direction: 'maximise',
    rows: { train: 4456, test: 1910 },
    lesson: 'Where the cut points between ratings lie matters more than the model.',
  },
  {
    id: 'p05-melting',
    title: 'Melting points from structures',
    modality: 'text-regression',
    metric: 'rmse',
    direction: 'minimise',
    rows: { train: 8074, test: 3460 },
    lesson: 'Chemistry hides in a string that no table model reads by itself.',
    dataPackage: true,
  },
  {
    id: 'p06-docstrings',
    title: 'Which library a docstring comes from',
    modality: 'text-classification',
    metric: 'logloss',
    direction: 'minimise',
    rows: { train: 8046, test: 3460 },
    lesson: 'Rows of a file belong together; probabilities must be calibrated.',
  },
  {
    id: 'p07-ui-language',
    title: 'Which of 93 languages a text of an interface is in',
    modality: 'text-classification',
    metric: 'f1-macro',
    direction: 'maximise',
    rows: { train: 15682, test: 6666 },
    lesson: 'Many classes, some of them close; the messages of the test rows are new.',
    dataPackage: true,
  },
  {
    id: 'p08-noisy-digits',
    title: 'Handwritten digits behind sensor noise',
    modality: 'image-classification',
    metric: 'logloss',
    direction: 'minimise',
    rows: { train: 1168, test: 629 },
    lesson: 'Smooth models beat trees; confident mistakes cost much.',
  },
  {
    id: 'p09-textures',
    title: 'Nine materials through 16 x 16 pixels',
    modality: 'image-classification',
    metric: 'f1-macro',
    direction: 'maximise',
    rows: { train: 2790, test: 1260 },
    lesson: 'Features of texture decide, not the model.',
  },
  {
    id: 'p10-fertility',
    title: 'Fertility of 188 countries, eight years ahead',
    modality: 'tabular',
    metric: 'mase',
    direction: 'minimise',
    rows: { train: 8272, test: 1504 },
    lesson: 'The future is hidden: validate on the last years, and let all countries teach one model.',
  },
  {
    id: 'p12-diamonds',
    title: 'Prices of 54,000 diamonds',
    modality: 'tabular',
    metric: 'rmsle',
    direction: 'minimise',
    rows: { train: 37656, test: 16138 },
    lesson: 'Many rows: hold-out mode; the logarithm of the price is to be learnt.',
    dataPackage: true,
  },
];

export interface BuildOptions {
  /** Divides public from private rows. The board was recorded with seed 1. */
  readonly seed: number;
  /** Absolute folder that receives `public` and `private`. */
  readonly folder: string;
  /** Interpreter with the pinned packages. */
  readonly python: string;
  /** Folder with the packages of `requirements-tool-practice.lock`. */
  readonly packages?: string;
}

export interface BuiltPractice {
  readonly source: TaskSource;
  /** The folder held the same competition already. */
  readonly cached: boolean;
  /** The data differ from those the board was recorded with: no medals. */
  readonly variant: boolean;
}

const Reply = z.object({ folder: z.string(), cached: z.boolean(), variant: z.boolean() });
const Fault = z.object({ error: z.object({ code: z.string(), message: z.string(), next: z.string() }) });

const PYTHON_FOLDER = fileURLToPath(new URL('../../../python', import.meta.url));
const BOARDS = fileURLToPath(new URL('../../../src/tasks/practice/boards', import.meta.url));

/** @throws UserError `practice-unknown` */
export function findPractice(id: string): Practice {
  const found = PRACTICE.find((practice) => practice.id === id || practice.id.split('-')[0] === id);
  if (found) return found;
  const ids = PRACTICE.map((practice) => practice.id);
  throw new UserError(
    'practice-unknown',
    `No practice competition is called "${id}".${didYouMean(id, ids)}`,
    `Choose one of ${ids.join(', ')}.`,
  );
}

/** Builds the competition, or finds it built: equal ids, seeds and packages give equal bytes. */
export async function buildPractice(id: string, options: BuildOptions): Promise<BuiltPractice> {
  const practice = findPractice(id);
  const reply = Reply.parse(await runBuilder(practice.id, options));
  const { source } = await loadTaskFolder(reply.folder);
  return { source, cached: reply.cached, variant: reply.variant };
}

async function runBuilder(id: string, { seed, folder, python, packages }: BuildOptions): Promise<unknown> {
  const board = join(BOARDS, `${id}.json`);
  const module = 'automlgen_runtime.practice.build';
  const args = ['-m', module, id, '--seed', `${seed}`, '--to', folder, '--board', board];
  const { code, stdout, stderr } = await run(python, args, packages);
  const reply = lastJson(stdout);
  const fault = Fault.safeParse(reply);
  if (fault.success) {
    const { code: name, message, next } = fault.data.error;
    if (isErrorCode(name)) throw new UserError(name, message, next);
  }
  if (code === 0 && reply !== undefined) return reply;
  throw new Error(`Building ${id} failed: ${stderr.trim().split('\n').at(-1) ?? `exit code ${code}`}`);
}

function run(
  python: string,
  args: readonly string[],
  packages: string | undefined,
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done, fail) => {
    const path = [PYTHON_FOLDER, ...(packages === undefined ? [] : [packages])].join(delimiter);
    const environment = { ...process.env, PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: '1' };
    execFile(python, args, { env: environment, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') {
        fail(new UserError('python-missing', `There is no Python at ${python}.`, 'Run `automlgen stack up`.'));
        return;
      }
      done({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
    });
  });
}

function lastJson(stdout: string): unknown {
  const line = stdout.trim().split('\n').at(-1);
  try {
    return line ? JSON.parse(line) : undefined;
  } catch {
    return undefined;
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}
