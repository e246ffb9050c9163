/**
 * Competitions times seeds, each a run of its own: started as slots, money and time allow, waited for, and written up. The runs are
 * abandoned children: they outlive each link of this chain, and a suite that is terminated leaves them running.
 */
import {
  ActivityFailure,
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  patched,
  setCurrentDetails,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { RunId } from '../domain/ids.js';
import type { RunConfig } from '../domain/run-config.js';
import type { Cost } from '../domain/score.js';
import type { SuiteConfig, SuiteItem, SuiteLimits, SuiteResult, SuiteStatus } from '../domain/suite.js';
import { NO_COST } from '../search/cost.js';
import { competitionWorkflow } from './competition.js';
import type { CompetitionInput } from './input.js';
import { type Activities, activitiesOn } from './options.js';
import { taskQueues } from './queues.js';
import * as books from './suite-book.js';
import { suiteDetails } from './suite-details.js';
import * as messages from './suite-messages.js';
import { mostSpent } from './suite-report.js';

export interface SuiteInput {
  readonly suiteId: string;
  readonly title: string;
  readonly config: SuiteConfig;
  readonly limits: SuiteLimits;
  readonly items: readonly SuiteItem[];
  /** Absolute folder that receives the table. */
  readonly folder: string;
  readonly queuePrefix?: string;
  readonly searchAttributes?: boolean;
  /** History events after which the suite continues as new; for tests. Absent: when the server suggests it. */
  readonly continueAsNewEvents?: number;
  /** Set by continue-as-new only. */
  readonly handover?: books.SuiteBook;
}

interface Suite {
  readonly input: SuiteInput;
  readonly activities: Activities;
  /** Runs that this link of the chain started: they hear of its cancellation by themselves. */
  readonly own: Set<RunId>;
  book: books.SuiteBook;
  phase: SuiteStatus['phase'];
}

/** How often runs of an earlier link are looked after. */
const PATROL = '10 minutes';
/** Cancelled runs deliver what they have within this time. */
const CANCEL_WAIT = '20 minutes';
const GONE = 'The run was ended from outside.';
const UNANSWERED = 'The run had not reported 20 minutes after it was cancelled.';
/** Suites that began before it charged such a run with nothing. */
const CHARGED = 'runs-ended-from-outside-are-charged';
/** A database that is away for longer does not keep a suite from its end. */
const LEDGER_TIME = '10 minutes';
/** Suites that began before it left such a run as running in their last table. */
const SILENT = 'cancelled-runs-without-a-report-are-lost';

/** Ends with the table on disk, also when it is cancelled (as Cancelled then, and its runs with it). */
export async function suiteWorkflow(input: SuiteInput): Promise<SuiteResult> {
  const suite = open(input);
  installHandlers(suite);
  try {
    await runAll(suite);
    return await write(suite, 'done');
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => abandon(suite));
    throw error;
  }
}

function open(input: SuiteInput): Suite {
  const activities = activitiesOn(taskQueues(input.queuePrefix));
  const book = input.handover ?? books.openBook(input.items, input.limits, Date.now());
  return { input, activities, own: new Set(), book, phase: book.stopped ? 'stopping' : 'running' };
}

function installHandlers(suite: Suite): void {
  const { suite: asked, stop, setParallel } = messages.SUITE_DESCRIPTIONS;
  setHandler(messages.runEndedSignal, (report) => {
    suite.book = books.reported(suite.book, report, Date.now());
  });
  setHandler(messages.suiteQuery, () => statusOf(suite), { description: asked });
  setHandler(
    messages.stopSuiteUpdate,
    () => {
      suite.book = { ...suite.book, stopped: true };
      suite.phase = 'stopping';
      return statusOf(suite);
    },
    { description: stop, validator: () => checkRunning(suite) },
  );
  setHandler(
    messages.setParallelUpdate,
    (parallel) => {
      suite.book = { ...suite.book, parallel };
      return statusOf(suite);
    },
    { description: setParallel, validator: (parallel) => checkParallel(suite, parallel) },
  );
}

function checkRunning({ phase }: Suite): void {
  if (phase !== 'running') throw new Error(`The suite is ${phase}; no run is waiting to be started.`);
}

function checkParallel(suite: Suite, parallel: number): void {
  checkRunning(suite);
  if (Number.isInteger(parallel) && parallel >= 1 && parallel <= messages.MAXIMUM_PARALLEL) return;
  throw new Error(`${parallel} runs at the same time are not possible; give 1 to ${messages.MAXIMUM_PARALLEL}.`);
}

/** Starts what is due and waits for what runs, until nothing of either is left. */
async function runAll(suite: Suite): Promise<void> {
  const { input } = suite;
  const inherited = suite.book.rows.filter((row) => row.state === 'running');
  if (inherited.length > 0) await patrol(suite);
  for (;;) {
    await beginDue(suite);
    setCurrentDetails(suiteDetails(statusOf(suite)));
    if (books.isOver(suite.book, input.limits, books.priceOf(input.config), Date.now())) break;
    if (isLong(input)) await continueAsNew<typeof suiteWorkflow>({ ...input, handover: suite.book });
    const before = suite.book;
    const news = await condition(() => suite.book !== before || isLong(input), PATROL);
    if (!news && inherited.length > 0) await patrol(suite);
  }
  suite.book = books.closed(suite.book, books.reasonToSkip(suite.book, input.limits, Date.now()));
}

function isLong({ continueAsNewEvents }: SuiteInput): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewEvents === undefined ? continueAsNewSuggested : historyLength >= continueAsNewEvents;
}

/** One after the other, asking anew each time: the suite may be stopped while a run begins. */
async function beginDue(suite: Suite): Promise<void> {
  const { config, limits } = suite.input;
  const next = (): number | undefined => books.due(suite.book, limits, books.priceOf(config), Date.now())[0];
  for (let position = next(); position !== undefined; position = next()) await begin(suite, position);
}

async function begin(suite: Suite, position: number): Promise<void> {
  const item = suite.input.items[position];
  if (item === undefined) return;
  suite.book = books.began(suite.book, position, Date.now());
  try {
    await startRun(suite, item);
  } catch (error) {
    suite.book = books.unbegun(suite.book, position);
    throw error;
  }
}

async function startRun(suite: Suite, item: SuiteItem): Promise<void> {
  const input = competitionInput(suite.input, item);
  await suite.activities.enrolRun.executeWithOptions({ summary: `enrol ${item.runId}` }, [
    { runId: item.runId, source: item.source, config: input.config },
  ]);
  const child = await startChild(competitionWorkflow, {
    workflowId: item.runId,
    taskQueue: taskQueues(suite.input.queuePrefix).search,
    args: [input],
    parentClosePolicy: 'ABANDON',
    staticSummary: `${item.competition}, seed ${item.seed}, of ${suite.input.title}`.slice(0, 190),
  });
  suite.own.add(item.runId);
  // The report comes as a signal; this tells of runs that were ended from outside, as long as this link lasts.
  child.result().catch(() => gone(suite, item.runId));
}

function competitionInput(
  { config, suiteId, queuePrefix, searchAttributes }: SuiteInput,
  item: SuiteItem,
): CompetitionInput {
  const { searchSeed, splitSeed, resultsFolder } = item;
  const full: RunConfig = { ...config, search: { ...config.search, seed: searchSeed }, splitSeed, resultsFolder };
  return {
    runId: item.runId,
    source: item.source,
    config: full,
    reportTo: suiteId,
    ...(queuePrefix === undefined ? {} : { queuePrefix }),
    ...(searchAttributes === undefined ? {} : { searchAttributes }),
  };
}

/** A signal to a run that is gone fails; its report, had it left one, would be here before that failure. */
async function patrol(suite: Suite): Promise<void> {
  const { suiteId } = suite.input;
  const running = suite.book.rows.filter((row) => row.state === 'running');
  await Promise.all(
    running.map(({ runId }) =>
      getExternalWorkflowHandle(runId)
        .signal(messages.suitePresentSignal, { suiteId })
        .catch(async (error: unknown) => {
          if (isCancellation(error)) throw error;
          await gone(suite, runId);
        }),
    ),
  );
}

/** Temporal's Cancel: the runs are cancelled, each delivers what it has, and the table tells of all. */
async function abandon(suite: Suite): Promise<void> {
  suite.phase = 'stopping';
  const inherited = suite.book.rows.filter((row) => row.state === 'running' && !suite.own.has(row.runId));
  await Promise.all(inherited.map(({ runId }) => cancelRun(suite, runId)));
  await condition(() => suite.book.rows.every((row) => row.state !== 'running'), CANCEL_WAIT);
  const silent = suite.book.rows.filter((row) => row.state === 'running');
  if (silent.length > 0 && patched(SILENT)) {
    await Promise.all(silent.map(({ runId }) => gone(suite, runId, UNANSWERED)));
  }
  suite.book = books.closed(suite.book, 'The suite was cancelled.');
  await write(suite, 'cancelled');
}

async function cancelRun(suite: Suite, runId: RunId): Promise<void> {
  try {
    await getExternalWorkflowHandle(runId).cancel();
  } catch {
    await gone(suite, runId);
  }
}

/** A run that left no report has cost what its ledger says. Until that is known it counts as running, for all that it may cost. */
async function gone(suite: Suite, runId: RunId, why = GONE): Promise<void> {
  if (!books.isRunning(suite.book, runId)) return;
  const spent = suite.input.config.author !== 'composer' && patched(CHARGED) ? await charged(suite, runId) : undefined;
  suite.book = books.lost(suite.book, runId, why, Date.now(), spent);
}

/** What its ledger says, and where that cannot be asked for a while, all that it may have cost. */
async function charged(suite: Suite, runId: RunId): Promise<Cost | undefined> {
  const options = { summary: `close the ledger of ${runId}`, scheduleToCloseTimeout: LEDGER_TIME };
  const closeLedger = () => suite.activities.closeLedger.executeWithOptions(options, [{ runId }]);
  try {
    const model = await CancellationScope.nonCancellable(closeLedger);
    return model === null ? undefined : { ...NO_COST, ...mostSpent(model) };
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return { ...NO_COST, usd: suite.input.config.caps.usd ?? 0 };
  }
}

async function write(suite: Suite, end: 'done' | 'cancelled'): Promise<SuiteResult> {
  suite.phase = 'packaging';
  await suite.activities.packageSuite.executeWithOptions({ summary: 'write the table' }, [
    { status: statusOf(suite), folder: suite.input.folder },
  ]);
  suite.phase = end;
  setCurrentDetails(suiteDetails(statusOf(suite)));
  return { folder: suite.input.folder, rows: suite.book.rows };
}

function statusOf({ input, book, phase }: Suite): SuiteStatus {
  return {
    suiteId: input.suiteId,
    title: input.title,
    phase,
    startedMs: book.startedMs,
    nowMs: Date.now(),
    parallel: book.parallel,
    spentUsd: books.spentUsd(book),
    rows: book.rows,
    folder: input.folder,
  };
}
