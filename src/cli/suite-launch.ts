/** From names and seeds to a started suite. Every task is loaded, and every bundled one built, before the first run begins. */
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { startSuite } from '../client/suites.js';
import { UserError } from '../domain/errors.js';
import { runIdOf } from '../domain/ids.js';
import type { SuiteItem, SuiteLimits } from '../domain/suite.js';
import type { TaskSource } from '../domain/task.js';
import { loadTaskFolder } from '../tasks/folder.js';
import { findPractice, PRACTICE } from '../tasks/practice/catalog.js';
import { MAXIMUM_PARALLEL } from '../workflows/suite-messages.js';
import { printJson, progress } from './output.js';
import { practiceSource } from './practice-source.js';
import { openSession } from './session.js';
import { commonConfig, type StartOptions } from './start.js';
import { followSuite } from './suite-follow.js';
import { temporalUiLink } from './temporal-ui.js';

const MOST_RUNS = 500;

export interface SuitePlan {
  readonly name: string;
  readonly competitions: readonly string[];
  readonly practice: boolean;
  readonly seeds: readonly number[];
  readonly limits: SuiteLimits;
  readonly options: StartOptions;
  /** The split's seed was asked for, which only bundled competitions can have: a folder is split by the seed of the run. */
  readonly splitSeedAsked?: boolean;
}

export interface SuiteOutput {
  readonly json?: boolean;
  readonly detach?: boolean;
}

/** @throws UserError for a name or a task that no run could use, before anything is started. */
export async function launchSuite(plan: SuitePlan, output: SuiteOutput): Promise<void> {
  checkParallel(plan.limits);
  const suiteId = runIdOf(plan.name, new Date());
  const folder = resolve(plan.options.output ?? 'runs', suiteId);
  const items = await itemsOf(plan, folder);
  const session = await openSession({ worker: true });
  try {
    const suite = await startSuite(session.temporal.client, {
      suiteId,
      title: plan.name,
      config: { ...(await commonConfig(plan.options)), lessons: false },
      limits: plan.limits,
      items,
      folder,
    });
    progress(`Suite ${suiteId}: ${items.length} runs, ${plan.limits.parallel} at a time.`);
    const link = temporalUiLink(session.stack.temporalUiUrl, suiteId);
    if (link !== undefined) progress(`Temporal UI: ${link}`);
    if (!output.detach) return await followSuite(suite, output, session.keepWorking);
    if (output.json) printJson({ suiteId });
    else progress(`See the table with \`automlgen suite status ${suiteId}\`.`);
  } finally {
    await session.close();
  }
}

/** All competitions with the first seed, then all with the second: a suite that is stopped early has seen every task. */
async function itemsOf(plan: SuitePlan, folder: string): Promise<readonly SuiteItem[]> {
  const names = [...new Set([...(plan.practice ? PRACTICE.map(({ id }) => id) : []), ...plan.competitions])];
  if (names.length === 0) {
    throw new UserError(
      'option-invalid',
      'No competition was named.',
      'Name bundled competitions or task folders, or write --practice for all bundled ones.',
    );
  }
  checkCount(names.length, plan.seeds.length);
  for (const name of names) await checkName(name, plan);
  const items: SuiteItem[] = [];
  for (const seed of plan.seeds) {
    for (const name of names) items.push(await itemOf(name, seed, plan.options, folder));
  }
  checkNames(items);
  return items;
}

async function itemOf(name: string, seed: number, options: StartOptions, folder: string): Promise<SuiteItem> {
  const bundled = !(await isFolder(name));
  const source = bundled
    ? await practiceSource(findPractice(name).id, String(seed))
    : (await loadTaskFolder(name)).source;
  const competition = bundled ? source.task.id : competitionOf(name, source);
  const runId = runIdOf(competition, new Date());
  return {
    runId,
    competition,
    seed,
    source,
    splitSeed: bundled ? options.splitSeed : seed,
    searchSeed: seed,
    resultsFolder: join(folder, runId),
  };
}

function checkParallel({ parallel }: SuiteLimits): void {
  if (parallel <= MAXIMUM_PARALLEL) return;
  throw new UserError(
    'option-invalid',
    `--parallel ${parallel} is more than the ${MAXIMUM_PARALLEL} runs that a suite can have at the same time.`,
    `Give 1 to ${MAXIMUM_PARALLEL}.`,
  );
}

/** All runs of a suite, with their reports, must fit into one message to the workflow engine. */
function checkCount(competitions: number, seeds: number): void {
  const runs = competitions * seeds;
  if (runs <= MOST_RUNS) return;
  throw new UserError(
    'option-invalid',
    `${competitions} competitions with ${seeds} seeds are ${runs} runs; a suite has at most ${MOST_RUNS}.`,
    'Divide them among several suites, by competition or with --first-seed.',
  );
}

/** Before anything is built. @throws UserError `path-missing`, `practice-unknown`, `option-invalid`. */
async function checkName(name: string, { splitSeedAsked = false }: SuitePlan): Promise<void> {
  if (await isFolder(name)) {
    if (!splitSeedAsked) return;
    throw new UserError(
      'option-invalid',
      `--split-seed has no effect on the task folder ${name}: each of the suite's seeds divides its rows anew.`,
      'Leave it out, and choose the seeds with --seeds and --first-seed.',
    );
  }
  if (name.includes('/')) {
    throw new UserError('path-missing', `There is no folder ${resolve(name)}.`, 'Correct the path and start again.');
  }
  try {
    findPractice(name);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const message = `${error.message} Nor is there a folder ${resolve(name)}.`;
    throw new UserError(error.code, message, error.next, { cause: error });
  }
}

/** The folder's name where the task has none of its own: that is what benchmarks know it by. */
function competitionOf(path: string, { task }: TaskSource): string {
  const name = basename(resolve(path));
  return name === 'prepared' || name === 'public' ? task.id : name;
}

function checkNames(items: readonly SuiteItem[]): void {
  const keys = items.map((item) => `${item.competition} ${item.seed}`);
  const twice = keys.find((key, position) => keys.indexOf(key) !== position);
  if (twice === undefined) return;
  throw new UserError(
    'option-invalid',
    `Two folders are both called ${twice.split(' ')[0]}.`,
    'Give each competition a name of its own.',
  );
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
