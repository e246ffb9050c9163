/** One program from its dispatch to its score: execute, score, and where it was earned execute the other folds and score again. */
import { ActivityFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import type { EvaluateInput, EvaluateResult, ExecuteResult } from '../activities/contract.js';
import type { NodeId } from '../domain/ids.js';
import type { Cost } from '../domain/score.js';
import { addCost, NO_COST } from '../search/cost.js';
import { bestNode, branchBest, elite } from '../search/elite.js';
import { nodeOf } from '../search/graph.js';
import type { Reservation } from '../search/state.js';
import { attemptOf, evaluationId, executionId } from './activity-ids.js';
import { messageOf } from './failure-message.js';
import type { Progress } from './input.js';
import { executionTime } from './options.js';
import { record } from './recorder.js';
import { happen, type Run, reservationOf } from './run.js';
import { evaluation, execution } from './summaries.js';
import { cleared, isHealthy, LOST_PER_NODE, LOST_PER_RELEASE, remember } from './trouble.js';

/** Nodes whose predictions a new one is compared with, for complementarity. */
const COMPARED = 5;

/** Takes a free slot for a ready program. The try number is part of the execution's id, so it only ever grows. */
export function dispatch(run: Run, nodeId: NodeId, runSeconds: number): void {
  const attempt = (reservationOf(run, nodeId)?.try ?? 0) + 1;
  happen(run, { kind: 'started', nodeId, try: attempt });
  run.progress.set(nodeId, {
    nodeId,
    stage: 'execute',
    try: attempt,
    folds: false,
    views: run.facts.firstViews,
    runSeconds,
    outcomeRefs: [],
    cost: NO_COST,
    lost: 0,
  });
}

/** Goes on from wherever `run.progress` says. Ends with the node finished, failed, released or cancelled. */
export async function runProgram(run: Run, nodeId: NodeId): Promise<void> {
  const scope = new CancellationScope();
  run.scopes.set(nodeId, scope);
  try {
    await scope.run(async () => {
      let progress = run.progress.get(nodeId);
      while (progress !== undefined) {
        const next = progress.stage === 'execute' ? await execute(run, progress) : await evaluate(run, progress);
        if (next === undefined) run.progress.delete(nodeId);
        else run.progress.set(nodeId, next);
        progress = next;
      }
    });
  } catch (error) {
    if (!isCancellation(error)) throw error;
    cutShort(run, nodeId, 'the execution was cancelled');
    run.progress.delete(nodeId);
  } finally {
    run.scopes.delete(nodeId);
  }
}

async function execute(run: Run, progress: Progress): Promise<Progress | undefined> {
  const result = await executeOnce(run, progress);
  const cost = addCost(progress.cost, result.cost);
  switch (result.kind) {
    case 'infrastructure':
      return again(run, { ...progress, cost }, `${result.cause}: ${result.message}`);
    case 'failed':
      cleared(run);
      settle(run, { ...progress, cost }, result);
      return undefined;
    case 'ran': {
      cleared(run);
      const outcomeRefs = [...progress.outcomeRefs, result.outcomeRef];
      const next: Progress = { ...progress, stage: 'evaluate', outcomeRefs, cost };
      if (!mayEarnFolds(run, next)) happen(run, { kind: 'executed', nodeId: progress.nodeId, cost });
      return next;
    }
  }
}

/** A program that may earn the other folds keeps its slot while its first ones are scored. */
function mayEarnFolds(run: Run, progress: Progress): boolean {
  return run.facts.mode === 'folds' && !progress.folds;
}

function settle(run: Run, progress: Progress, result: Extract<ExecuteResult, { kind: 'failed' }>): void {
  const { nodeId, cost } = progress;
  happen(run, { kind: 'executed', nodeId, cost });
  happen(run, { kind: 'failed', nodeId, failure: result.failure, milestones: clamp(result.milestones), cost: NO_COST });
  record(run);
}

async function executeOnce(run: Run, progress: Progress): Promise<ExecuteResult> {
  const reservation = reservationOf(run, progress.nodeId);
  try {
    return await run.activities.executeNode.executeWithOptions(
      {
        summary: execution(reservation, progress),
        activityId: executionId(progress),
        ...executionTime(progress.views, progress.runSeconds),
      },
      [
        {
          runId: run.runId,
          nodeId: progress.nodeId,
          programRef: reservation?.programRef ?? '',
          attempt: attemptOf(progress),
          views: progress.views,
          runSeconds: progress.runSeconds,
        },
      ],
    );
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    const none = '' as ExecuteResult['executionId'];
    return {
      kind: 'infrastructure',
      executionId: none,
      cause: 'activity-failed',
      message: messageOf(error),
      cost: NO_COST,
    };
  }
}

/** A fresh try under a new execution id, or after three of them back to the queue. */
function again(run: Run, progress: Progress, cause: string): Progress | undefined {
  const { nodeId, cost } = progress;
  const lost = progress.lost + 1;
  if (lost < LOST_PER_RELEASE) {
    const next = progress.try + 1;
    happen(run, { kind: 'started', nodeId, try: next });
    return { ...progress, try: next, lost };
  }
  if (progress.try >= LOST_PER_NODE && isHealthy(run)) {
    happen(run, { kind: 'cancelled', nodeId, why: `infrastructure, ${progress.try} tries: ${cause}`, cost });
  } else {
    release(run, nodeId, cause, cost);
  }
  record(run);
  return undefined;
}

/** Puts a program back without charging it. */
function release(run: Run, nodeId: NodeId, cause: string, cost: Cost): void {
  remember(run, cause);
  happen(run, { kind: 'released', nodeId, cause, cost });
}

async function evaluate(run: Run, progress: Progress): Promise<Progress | undefined> {
  const { nodeId } = progress;
  const reservation = reservationOf(run, nodeId);
  if (reservation === undefined) return undefined;
  const options = { summary: evaluation(progress), activityId: evaluationId(progress) };
  let result: EvaluateResult;
  try {
    result = await run.activities.evaluateNode.executeWithOptions(options, [question(run, reservation, progress)]);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return unscored(run, progress, messageOf(error));
  }
  if (result.kind === 'valid' && result.next.length > 0 && mayEarnFolds(run, progress)) {
    const { score, versus, complement } = result;
    return { ...progress, stage: 'execute', folds: true, first: { score, versus, complement }, views: result.next };
  }
  if (mayEarnFolds(run, progress)) happen(run, { kind: 'executed', nodeId, cost: progress.cost });
  conclude(run, nodeId, result);
  record(run);
  return undefined;
}

function conclude(run: Run, nodeId: NodeId, result: EvaluateResult): void {
  scored(run, nodeId);
  if (result.kind === 'invalid') {
    happen(run, { kind: 'failed', nodeId, failure: result.failure, milestones: 7, cost: NO_COST });
    return;
  }
  finish(run, nodeId, result, NO_COST);
}

function finish(run: Run, nodeId: NodeId, result: NonNullable<Progress['first']>, cost: Cost): void {
  const { score, versus, complement } = result;
  happen(run, { kind: 'finished', nodeId, score, versus, complement: [...complement], cost });
}

/** The search forgets the work at once; the activity follows within its heartbeat. */
export function stop(run: Run, nodeId: NodeId, why: string): void {
  cutShort(run, nodeId, why);
  run.scopes.get(nodeId)?.cancel();
  record(run);
}

/** A program that was on its further folds keeps the score of its first: with little time that is all there is. */
function cutShort(run: Run, nodeId: NodeId, why: string): void {
  const reservation = reservationOf(run, nodeId);
  if (reservation === undefined) return;
  const seconds = reservation.phase === 'executing' ? Math.max(0, Date.now() - reservation.sinceMs) / 1000 : 0;
  const cost = { ...NO_COST, seconds };
  const first = run.progress.get(nodeId)?.first;
  if (first === undefined) happen(run, { kind: 'cancelled', nodeId, why, cost });
  else finish(run, nodeId, first, cost);
}

/** The evaluator's fault, until it happens twice to the same program: then the program is set aside, uncharged. */
function unscored(run: Run, progress: Progress, message: string): undefined {
  const { nodeId } = progress;
  const cause = `evaluator: ${message}`;
  const before = run.trouble.unscored;
  const cost = mayEarnFolds(run, progress) ? progress.cost : NO_COST;
  if (before.includes(nodeId)) {
    scored(run, nodeId);
    happen(run, { kind: 'cancelled', nodeId, why: `not scored twice, ${cause}`, cost });
  } else {
    run.trouble = { ...run.trouble, unscored: [...before, nodeId] };
    release(run, nodeId, cause, cost);
  }
  record(run);
  return undefined;
}

function scored(run: Run, nodeId: NodeId): void {
  run.trouble = { ...run.trouble, unscored: run.trouble.unscored.filter((other) => other !== nodeId) };
}

function question(run: Run, reservation: Reservation, progress: Progress): EvaluateInput {
  const { state } = run;
  const parent = nodeOf(state, reservation.parent);
  const leader = branchBest(state, reservation.branch);
  const best = bestNode(state);
  return {
    runId: run.runId,
    nodeId: progress.nodeId,
    family: reservation.family ?? 'unknown',
    outcomeRefs: progress.outcomeRefs,
    against: {
      ...(parent?.status === 'valid' ? { parent: parent.id } : {}),
      ...(leader === undefined ? {} : { branchBest: leader.id }),
      ...(best === undefined ? {} : { best: best.id }),
    },
    elite: elite(state, COMPARED).map((node) => node.id),
  };
}

function clamp(milestones: number): number {
  return Math.min(7, Math.max(0, Math.round(milestones)));
}
