/** The part of an MLE-bench checkout that describes one competition: config.yaml, description, grading code, leaderboard. */
import { open, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { UserError } from '../../domain/errors.js';
import { didYouMean } from '../suggest.js';
import { foldersIn } from './folders.js';

const Config = z.object({
  id: z.string().transform((id) => id.trim()),
  name: z.string().optional(),
  competition_type: z.string().optional(),
  awards_medals: z.boolean().optional(),
  description: z.string(),
  dataset: z.object({
    /** Below the data directory: `<id>/prepared/private/<file>`. */
    answers: z.string(),
    sample_submission: z.string(),
    gold_submission: z.string().optional(),
  }),
  grader: z.object({ name: z.string(), grade_fn: z.string() }),
});
export type MleBenchConfig = z.infer<typeof Config>;

export interface MleBenchCompetition {
  readonly checkout: string;
  /** `mlebench/competitions/<id>` in it. */
  readonly folder: string;
  readonly config: MleBenchConfig;
  readonly gradeCode?: string;
  readonly description?: string;
  readonly board?: string;
  readonly notes: readonly string[];
}

/** @throws UserError `path-missing` or `benchmark-invalid` */
export async function readCompetition(checkoutPath: string, id: string): Promise<MleBenchCompetition> {
  const checkout = resolve(checkoutPath);
  const competitions = join(checkout, 'mlebench', 'competitions');
  const folder = join(competitions, id);
  const text = await readFile(join(folder, 'config.yaml'), 'utf8').catch(async () => {
    throw await notThere(checkout, competitions, id);
  });
  const config = parseConfig(text, join(folder, 'config.yaml'));
  const [gradeCode, description, board] = await Promise.all([
    readIfThere(join(checkout, codePath(config.grader.grade_fn))),
    readIfThere(join(checkout, config.description)),
    boardAt(join(folder, 'leaderboard.csv')),
  ]);
  return {
    checkout,
    folder,
    config,
    ...(gradeCode !== undefined && { gradeCode }),
    ...(description !== undefined && { description }),
    ...(board.path !== undefined && { board: board.path }),
    notes: board.notes,
  };
}

/** `mlebench.competitions.leaf-classification.grade:grade` lies in `mlebench/competitions/leaf-classification/grade.py`. */
export function codePath(gradeFunction: string): string {
  const [module = ''] = gradeFunction.split(':');
  return `${module.split('.').join('/')}.py`;
}

async function notThere(checkout: string, competitions: string, id: string): Promise<UserError> {
  const known = await foldersIn(competitions);
  if (known.length === 0) {
    return new UserError(
      'benchmark-invalid',
      `${checkout} is no checkout of MLE-bench: it has no folder mlebench/competitions.`,
      'Name the folder that `git clone https://github.com/openai/mle-bench` made.',
    );
  }
  return new UserError(
    'path-missing',
    `The checkout ${checkout} has no competition "${id}".${didYouMean(id, known)}`,
    `Use one of its ${known.length} competitions, or write --competition <id>.`,
  );
}

function parseConfig(text: string, path: string): MleBenchConfig {
  const parsed = Config.safeParse(yamlOf(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    'benchmark-invalid',
    `${path} is no competition's config: ${issue?.path.join('.') || 'the file'} ${issue?.message.toLowerCase() ?? 'is wrong'}.`,
    'Check the checkout out again.',
  );
}

function yamlOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

const POINTER = 'version https://git-lfs';

/** True for what git leaves in the place of a large file that was not fetched. */
export async function isLfsPointer(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(POINTER.length), 0, POINTER.length, 0);
    return buffer.toString('utf8', 0, bytesRead) === POINTER;
  } finally {
    await file.close();
  }
}

async function boardAt(path: string): Promise<{ readonly path?: string; readonly notes: readonly string[] }> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return { notes: [`There is no leaderboard ${path}: no medals without --leaderboard.`] };
  if (!(await isLfsPointer(path))) return { path, notes: [] };
  return {
    notes: [
      `${path} is a git-LFS pointer, not a leaderboard: run \`git lfs pull\` in the checkout, or name a board with --leaderboard.`,
    ],
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
