/**
 * One run: prepare the task, search until the budget is used, choose, refit, deliver. The workflow id is the run id, and one chain of
 * continued executions is one run. All decisions are those of `search/decide.ts`; this room carries them out durably.
 */
import { ActivityFailure, CancellationScope, isCancellation, patched, setCurrentDetails } from '@temporalio/workflow';
import type { RunResult } from '../domain/run-status.js';
import { initialState } from '../search/initial-state.js';
import { attested, beginAttestation } from './attest.js';
import { attributePublisher } from './attributes.js';
import { detailsOf } from './details.js';
import { messageOf } from './failure-message.js';
import { finalise, salvage } from './finalise.js';
import { installHandlers } from './handlers.js';
import { handOver, takeOver } from './handover.js';
import type { CompetitionInput } from './input.js';
import { record } from './recorder.js';
import { happen, NOTHING_CARRIED, openSession, type Run, type Session } from './run.js';
import { search } from './scheduler.js';
import { listenForSuite, reportToSuite } from './suite-report.js';
import { healthy } from './trouble.js';

/** Runs before it that were cancelled and could not deliver ended without a word. */
const TOLD = 'a-cancelled-run-that-cannot-deliver-says-so';

/**
 * Ends with the results on disk, also when it is cancelled (as Cancelled then). Fails only when the task cannot be prepared or the
 * results cannot be delivered.
 */
export async function competitionWorkflow(input: CompetitionInput): Promise<RunResult> {
  const session = openSession(input);
  const publish = attributePublisher(session);
  const show = (): void => {
    setCurrentDetails(detailsOf(session));
    publish();
  };
  installHandlers(session);
  listenForSuite(session);
  try {
    return await runOnce(session, show);
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => abandon(session, show));
    else if (error instanceof ActivityFailure) await fail(session, show, messageOf(error));
    throw error;
  }
}

async function runOnce(session: Session, show: () => void): Promise<RunResult> {
  const { handover } = session.input;
  show();
  const run = handover === undefined ? await prepare(session) : await takeOver(session, handover);
  session.run = run;
  session.phase = 'searching';
  beginAttestation(run);
  const ending = await search(run, show);
  if (ending.kind === 'continue') return handOver(session, run);
  session.phase = 'finalising';
  show();
  record(run);
  await attested(run);
  const result = await finalise(run, ending.reason, ending.message);
  close(session, 'done', result, show);
  await reportToSuite(session, 'done');
  return result;
}

async function prepare(session: Session): Promise<Run> {
  const { runId, source, config } = session.input;
  const summary = `prepare ${source.task.id}`;
  const facts = await session.activities.prepareRun.executeWithOptions({ summary }, [{ runId, source, config }]);
  const state = initialState({
    config: config.search,
    direction: facts.baseline.direction,
    startedMs: session.startedMs,
    slots: config.search.slots,
    // An author that can do without the model goes on without it.
    ...(config.author === 'llm' ? { caps: config.caps } : {}),
  });
  const run: Run = {
    runId,
    config,
    facts,
    activities: session.activities,
    continuations: 0,
    state,
    version: 0,
    log: { pending: [], from: 0 },
    progress: new Map(),
    scopes: new Map(),
    explanations: new Map(),
    meter: { busyMs: 0, slotMs: 0, atMs: Date.now() },
    trouble: healthy(),
    recording: false,
    parts: [],
    carried: NOTHING_CARRIED,
  };
  happen(run, { kind: 'prepared', baseline: facts.baseline });
  const capacity = Math.max(1, facts.capacity);
  if (capacity < config.search.slots) happen(run, { kind: 'slots-changed', slots: capacity });
  return run;
}

/** Temporal's Cancel: what runs is stopped and the best of what exists is delivered. A suite hears of the end, also of one that went wrong. */
async function abandon(session: Session, show: () => void): Promise<void> {
  if (session.run !== null) {
    session.phase = 'finalising';
    show();
    try {
      close(session, 'cancelled', await salvage(session.run), show);
    } catch (error) {
      if (patched(TOLD)) await fail(session, show, messageOf(error));
      throw error;
    }
  }
  await reportToSuite(session, 'cancelled');
}

async function fail(session: Session, show: () => void, message: string): Promise<void> {
  session.phase = 'failed';
  session.endedMs = Date.now();
  show();
  await reportToSuite(session, 'failed', message);
}

function close(session: Session, phase: 'done' | 'cancelled', result: RunResult, show: () => void): void {
  session.phase = phase;
  session.result = result;
  session.endedMs = Date.now();
  show();
}
