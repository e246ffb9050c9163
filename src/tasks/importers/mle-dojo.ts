/** A competition folder of MLE-Dojo as a task of ours. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../../domain/errors.js';
import { isFile, isFolder } from '../table-files.js';
import { assemble } from './benchmark-assemble.js';
import type { PlannedBenchmark } from './benchmark-plan.js';
import { descriptionIn, publicTables } from './benchmark-tables.js';
import { metricOfGrader } from './grading-code.js';

export interface MleDojoSource {
  /** `mledojo/competitions/<id>`, with `data/public` and `data/private` in it. */
  readonly folder: string;
  /** Where the prepared data lie instead of `<folder>/data`. */
  readonly data?: string;
}

const NEEDED = [
  'public',
  'private',
  'public/description.txt',
  'public/sample_submission.csv',
  'private/test_answer.csv',
];
/** The private board first: it decides medals. */
const BOARDS = ['private_leaderboard.csv', 'public_leaderboard.csv'];

/** True for a folder that looks like one of MLE-Dojo's, prepared or not. */
export async function isMleDojo(folder: string): Promise<boolean> {
  return (await isFile(join(folder, 'utils', 'metric.py'))) && (await isFolder(join(folder, 'info')));
}

/** @throws UserError `benchmark-invalid` where data are not prepared or a required path is missing. */
export async function planMleDojo(source: MleDojoSource): Promise<PlannedBenchmark> {
  const folder = resolve(source.folder);
  const data = resolve(source.data ?? join(folder, 'data'));
  await checkPaths(folder, data);
  const publicFolder = join(data, 'public');
  const metricFile = join(folder, 'utils', 'metric.py');
  const code = await readFile(metricFile, 'utf8');
  const checkout = checkoutOf(folder);
  const description = await descriptionIn(publicFolder);
  const boards = await boardsOf(folder, data);
  return assemble({
    benchmark: 'mle-dojo',
    competitionId: basename(folder),
    publicFolder,
    tables: await publicTables(publicFolder, 'sample_submission.csv'),
    answers: join(data, 'private', 'test_answer.csv'),
    grader: { benchmark: 'mle-dojo', metricFile, entry: metricFile, ...(checkout !== undefined && { checkout }) },
    metric: metricOfGrader({ code, ...(description !== undefined && { description }) }),
    boards,
    notes: boards.length === 0 ? ['There is no leaderboard: neither medals nor HumanRank.'] : [],
  });
}

/** @throws UserError `benchmark-invalid` */
async function checkPaths(folder: string, data: string): Promise<void> {
  for (const path of NEEDED) {
    const place = join(data, path);
    if ((await isFile(place)) || (await isFolder(place))) continue;
    const stub = await isStub(join(folder, 'utils', 'prepare.py'));
    throw new UserError(
      'benchmark-invalid',
      `${basename(folder)} is not prepared: ${place} is missing.`,
      stub
        ? 'Its prepare.py is a stub, so nothing was run: get the data ready by hand, or use another competition.'
        : "Prepare it with MLE-Dojo's own scripts first, or name the prepared folder with --data.",
    );
  }
}

/** Many of the benchmark's `prepare.py` only say that data come from elsewhere. */
export async function isStub(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text
    .replace(/('''|""")[\s\S]*?\1/g, '')
    .split('\n')
    .map((line) => line.replace(/#.*$/, '').trim())
    .filter((line) => line !== '' && !/^(?:import|from)\s/.test(line));
  return lines.length <= 2;
}

async function boardsOf(folder: string, data: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of BOARDS) {
    for (const place of [join(data, 'private', name), join(folder, 'info', name)]) {
      if (!(await isFile(place))) continue;
      found.push(place);
      break;
    }
  }
  return found;
}

/** The folder that holds the package `mledojo`, when the competition lies in it. */
function checkoutOf(folder: string): string | undefined {
  const competitions = dirname(folder);
  const isPackage = basename(competitions) === 'competitions' && basename(dirname(competitions)) === 'mledojo';
  return isPackage ? dirname(dirname(competitions)) : undefined;
}
