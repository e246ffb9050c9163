/** The end of a run: choose among what was found, refit the choice on all labels, deliver. */
import { ActivityFailure, CancellationScope, isCancellation, log } from '@temporalio/workflow';
import type { ChooseResult, ExecuteResult, PackageInput } from '../activities/contract.js';
import type { RunResult } from '../domain/run-status.js';
import { deadlineMs } from '../search/budget.js';
import { bestNode } from '../search/elite.js';
import { contenders } from './contenders.js';
import { messageOf } from './failure-message.js';
import { stop } from './node.js';
import { executionTime } from './options.js';
import { flush } from './recorder.js';
import { type Run, tick } from './run.js';
import { settled } from './scheduler.js';
import * as summaries from './summaries.js';
import { LOST_PER_RELEASE } from './trouble.js';

/** Share of the time left that refits may take; the rest is for choosing and packaging. */
const REFIT_SHARE = 0.7;
/** Refits are not begun with less, seconds. */
const LEAST_REFIT_SECONDS = 1;
/** A cancelled script is gone within its heartbeat and its executor's patience; the results do not wait for one that is not. */
const DYING_MS = 15_000;
/** The last events belong into the results; a store that is away does not hold them up. */
const FIRST_FLUSH_MS = 10_000;
const FLUSH_MS = 10 * 60_000;

/** Refits and delivers. Executions still in flight are cancelled first. */
export async function finalise(run: Run, reason: string, message?: string): Promise<RunResult> {
  await stopAll(run, 'the search is over');
  tick(run);
  const refitSeconds = refitTime(run);
  const chosen = await choose(run, refitSeconds);
  const refits = refitSeconds < LEAST_REFIT_SECONDS ? [] : await refitAll(run, chosen.refits, refitSeconds);
  const told = message === undefined ? {} : { message };
  return deliver(run, { runId: run.runId, choice: chosen.choice, refits, reason, ...told });
}

/** The short way, for a cancelled run: no refits, the best of what exists is delivered. */
export async function salvage(run: Run): Promise<RunResult> {
  await stopAll(run, 'the run was cancelled');
  const { choice } = await choose(run, 0);
  return deliver(run, { runId: run.runId, choice, refits: [], reason: 'cancelled' });
}

async function stopAll(run: Run, why: string): Promise<void> {
  for (const { nodeId } of run.state.reservations) stop(run, nodeId, why);
  await settled(run, DYING_MS);
}

function refitTime(run: Run): number {
  const leftSeconds = (deadlineMs(run.state) - Date.now()) / 1000;
  return Math.max(0, Math.min(run.config.search.runSecondsCap, Math.floor(REFIT_SHARE * leftSeconds)));
}

async function choose(run: Run, refitSeconds: number): Promise<ChooseResult> {
  const nodes = contenders(run.state);
  if (nodes.length === 0) return { choice: null, refits: [] };
  const { pinned } = run.state.steering;
  return run.activities.chooseFinal.executeWithOptions({ summary: `choose among ${nodes.length} nodes` }, [
    { runId: run.runId, nodes, pinned, refitSeconds },
  ]);
}

type Refit = ChooseResult['refits'][number];

/** At most `slots` at a time, in order of weight. A member that cannot be refitted keeps the predictions that it was chosen by. */
async function refitAll(run: Run, members: readonly Refit[], seconds: number): Promise<PackageInput['refits']> {
  const outcomes = new Map<Refit['nodeId'], string>();
  const waiting = [...members];
  const untilMs = Date.now() + seconds * 1000;
  const lane = async (): Promise<void> => {
    for (let member = waiting.shift(); member !== undefined; member = waiting.shift()) {
      const left = (untilMs - Date.now()) / 1000;
      if (left < LEAST_REFIT_SECONDS) return;
      const outcomeRef = await refit(run, member, left);
      if (outcomeRef !== undefined) outcomes.set(member.nodeId, outcomeRef);
    }
  };
  await Promise.all(Array.from({ length: Math.min(run.state.steering.slots, members.length) }, lane));
  return members.flatMap(({ nodeId }) => {
    const outcomeRef = outcomes.get(nodeId);
    return outcomeRef === undefined ? [] : [{ nodeId, outcomeRef }];
  });
}

async function refit(run: Run, { nodeId, programRef }: Refit, seconds: number): Promise<string | undefined> {
  const untilMs = Date.now() + seconds * 1000;
  for (let attempt = 1; attempt <= LOST_PER_RELEASE; attempt += 1) {
    const left = (untilMs - Date.now()) / 1000;
    if (left < LEAST_REFIT_SECONDS) return undefined;
    const name = attempt === 1 ? 'refit' : `refit-${attempt}`;
    const result = await refitOnce(run, { nodeId, programRef }, name, left);
    if (result?.kind === 'ran') return result.outcomeRef;
    if (result?.kind !== 'infrastructure') return undefined;
  }
  return undefined;
}

/** Ends at its limit even where no executor answers: the results must not wait for it. */
async function refitOnce(
  run: Run,
  { nodeId, programRef }: Refit,
  attempt: string,
  seconds: number,
): Promise<ExecuteResult | undefined> {
  const input = { runId: run.runId, nodeId, programRef, attempt, views: ['full'], runSeconds: seconds };
  try {
    return await CancellationScope.withTimeout(seconds * 1000, () =>
      run.activities.executeNode.executeWithOptions(
        { summary: summaries.refit(nodeId), ...executionTime(input.views, seconds) },
        [input],
      ),
    );
  } catch (error) {
    if (isCancellation(error) && CancellationScope.current().consideredCancelled) throw error;
    if (isCancellation(error)) return undefined;
    if (!(error instanceof ActivityFailure)) throw error;
    const executionId = '' as ExecuteResult['executionId'];
    const cost = { seconds: 0, gpuSeconds: 0, usd: 0, tokens: 0, executions: 0 };
    return { kind: 'infrastructure', executionId, cause: 'activity-failed', message: messageOf(error), cost };
  }
}

async function deliver(run: Run, input: PackageInput): Promise<RunResult> {
  const unrecorded = await flush(run, FIRST_FLUSH_MS);
  const { folder, estimate, grade, model } = await run.activities.packageRun.executeWithOptions(
    { summary: 'package' },
    [{ ...input, ...(unrecorded > 0 && { unrecorded }) }],
  );
  if (model !== undefined && model.revision >= (run.model?.revision ?? 0)) run.model = model;
  const lost = await flush(run, FLUSH_MS);
  if (lost > 0) log.error('the run ends with events that were not recorded', { events: lost });
  const bestNodeId = bestNode(run.state)?.id ?? null;
  const { reason, message } = input;
  const told = message === undefined ? {} : { message };
  return { folder, reason, ...told, estimate, grade, bestNode: bestNodeId };
}
