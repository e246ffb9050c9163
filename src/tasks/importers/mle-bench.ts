/** A prepared competition of MLE-bench as a task of ours: alone by guessing, with a checkout by what the benchmark says. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../../domain/errors.js';
import { isFile, isFolder } from '../table-files.js';
import { assemble } from './benchmark-assemble.js';
import type { BenchmarkPlan, PlannedBenchmark } from './benchmark-plan.js';
import { descriptionIn, publicTables, tableAt } from './benchmark-tables.js';
import { type MetricFinding, metricOfGrader } from './grading-code.js';
import { codePath, type MleBenchCompetition, readCompetition } from './mle-bench-checkout.js';

export interface MleBenchSource {
  /** `<id>`, `<id>/prepared`, or `<id>/prepared/public`. */
  readonly folder: string;
  readonly checkout?: string;
  /** Absent: the name of the folder. */
  readonly competitionId?: string;
  /** A board to use instead of the checkout's, such as one of MLE-Dojo's. */
  readonly leaderboard?: string;
}

/** @throws UserError `path-missing` or `benchmark-invalid`; never for a task that our splitter cannot express. */
export async function planMleBench(source: MleBenchSource): Promise<PlannedBenchmark> {
  const { publicFolder, privateFolder, name } = await partsOf(source.folder);
  const id = source.competitionId ?? name;
  const competition = source.checkout === undefined ? undefined : await readCompetition(source.checkout, id);
  const sample = samplePlace(competition);
  const tables = await publicTables(publicFolder, sample?.name);
  const hiddenSample =
    tables.sample === undefined && sample?.isPrivate ? await tableAt(join(privateFolder, sample.name)) : undefined;
  const answers = await answersIn(privateFolder, competition);
  const description = competition?.description ?? (await descriptionIn(publicFolder));
  const metric = findingFor(competition, description);
  return assemble({
    benchmark: 'mle-bench',
    competitionId: id,
    ...(competition?.config.name !== undefined && { title: competition.config.name }),
    publicFolder,
    tables,
    ...(hiddenSample && { hiddenSample: { ...hiddenSample, path: join(privateFolder, hiddenSample.name) } }),
    ...(answers !== undefined && { answers }),
    ...(competition?.gradeCode !== undefined && { grader: graderOf(competition) }),
    metric,
    boards: [source.leaderboard === undefined ? competition?.board : resolve(source.leaderboard)].flatMap(
      (path) => path ?? [],
    ),
    notes: [
      ...(sample !== undefined && tables.sample === undefined ? [sampleNote(sample.isPrivate, sample.name)] : []),
      ...(competition?.config.awards_medals === false
        ? ['This competition awarded no medals on Kaggle; the benchmark gives them all the same.']
        : []),
      ...(source.leaderboard === undefined ? (competition?.notes ?? []) : []),
    ],
  });
}

function findingFor(competition: MleBenchCompetition | undefined, description: string | undefined): MetricFinding {
  return metricOfGrader({
    ...(competition?.gradeCode !== undefined && { code: competition.gradeCode }),
    ...(competition && { label: competition.config.grader.name }),
    ...(description !== undefined && { description }),
  });
}

interface Parts {
  readonly publicFolder: string;
  readonly privateFolder: string;
  /** Of the competition, as far as folders say it. */
  readonly name: string;
}

/**
 * A folder that only has tables in it is a public part by itself, as the benchmark shows it to agents.
 * @throws UserError `path-missing`, `benchmark-invalid`
 */
async function partsOf(path: string): Promise<Parts> {
  const root = resolve(path);
  if (!(await isFolder(root))) {
    throw new UserError('path-missing', `There is no folder ${root}.`, 'Correct the path and start again.');
  }
  for (const folder of [root, join(root, 'prepared'), dirname(root)]) {
    if (await isFolder(join(folder, 'public'))) return partsIn(folder);
  }
  const names = await readdir(root);
  if (names.some((name) => /\.csv$/i.test(name))) {
    return { publicFolder: root, privateFolder: join(root, 'private'), name: basename(root) };
  }
  throw new UserError(
    'benchmark-invalid',
    `${root} has no folder prepared/public${names.includes('raw') ? ', only raw data' : ''}.`,
    `Prepare it first: mlebench prepare -c ${basename(root)}`,
  );
}

/** `<id>/prepared` bears the id above it. */
function partsIn(prepared: string): Parts {
  const name = basename(basename(prepared) === 'prepared' ? dirname(prepared) : prepared);
  return { publicFolder: join(prepared, 'public'), privateFolder: join(prepared, 'private'), name };
}

function samplePlace(competition: MleBenchCompetition | undefined): { name: string; isPrivate: boolean } | undefined {
  if (competition === undefined) return undefined;
  const path = competition.config.dataset.sample_submission;
  return { name: basename(path), isPrivate: basename(dirname(path)) === 'private' };
}

function sampleNote(isPrivate: boolean, name: string): string {
  return isPrivate
    ? `${name} lies among the private files: only its columns and ids are taken, every other cell is blanked.`
    : `${name}, the sample submission that config.yaml names, is not in the public folder.`;
}

function graderOf(competition: MleBenchCompetition): NonNullable<BenchmarkPlan['grader']> {
  const { grade_fn: gradeFunction } = competition.config.grader;
  return {
    benchmark: 'mle-bench',
    checkout: competition.checkout,
    gradeFunction,
    entry: join(competition.checkout, codePath(gradeFunction)),
  };
}

/** What config.yaml names; without a checkout the only table of the private folder, or the one with a usual name. */
async function answersIn(folder: string, competition: MleBenchCompetition | undefined): Promise<string | undefined> {
  if (competition !== undefined) {
    const path = join(folder, basename(competition.config.dataset.answers));
    return (await isFile(path)) ? path : undefined;
  }
  const names = (await readdir(folder).catch(() => [])).filter(
    (name) => /\.(?:csv|jsonl)$/.test(name) && !/submission|leaderboard/i.test(name),
  );
  const usual = ['answers.csv', 'test.csv', 'test_answer.csv', 'test_labels.csv'].find((name) => names.includes(name));
  const name = usual ?? (names.length === 1 ? names[0] : undefined);
  return name === undefined ? undefined : join(folder, name);
}
