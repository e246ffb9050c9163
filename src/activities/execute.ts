/** Runs one program, or finds the run of it that is under way. The program's failure is a result; only infrastructure throws. */
import { CancelledFailure, cancellationDetails, cancellationSignal } from '@temporalio/activity';
import type { ExecutionSpec } from '../domain/execution-spec.js';
import { Outcome } from '../domain/outcome.js';
import type { Cost } from '../domain/score.js';
import type { ExecuteInput, ExecuteResult, ExecutionActivities } from './contract.js';
import type { Dependencies } from './dependencies.js';
import { executionSpec } from './execution-spec.js';
import { requirePrepared } from './required.js';

type Needs = Pick<Dependencies, 'store' | 'executor' | 'onAbandoned'>;

export function createExecuteNode(needs: Needs): ExecutionActivities['executeNode'] {
  const { store, executor } = needs;
  return async (input) => {
    const ended = await endedBefore(needs, input);
    if (ended) {
      // Whoever stored it may have died before the release.
      await executor.release(ended.executionId);
      return ended;
    }
    const run = await requirePrepared(store, input.runId);
    const spec = executionSpec(input, run);
    const signal = cancellationSignal();
    await announce(needs, input, spec);
    try {
      const handle = await executor.submit(spec, { signal });
      const outcome = await executor.wait(handle, { signal });
      const result = await record(needs, input, spec, outcome);
      await executor.release(spec.id);
      return result;
    } catch (error) {
      if (!signal.aborted) throw error;
      await stopOrLeave(needs, spec);
      throw new CancelledFailure(`Execution ${spec.id} of ${input.nodeId}`);
    }
  };
}

/** The stored result of this very attempt: a worker that died after storing it must not run the program a second time. */
async function endedBefore({ store }: Needs, input: ExecuteInput): Promise<ExecuteResult | undefined> {
  const node = await store.nodes.find(input.runId, input.nodeId);
  const execution = node?.executions?.[input.attempt];
  if (!execution) return undefined;
  const outcome = Outcome.parse(await store.blobs.readJson(execution.outcomeRef));
  return resultOf(outcome, {
    executionId: execution.executionId,
    outcomeRef: execution.outcomeRef,
    cost: costOf(input, outcome),
  });
}

/** Written ahead, so that the janitor can tell whose an execution is. */
async function announce({ store }: Needs, { runId, nodeId }: ExecuteInput, spec: ExecutionSpec): Promise<void> {
  const cost = { seconds: 0, gpuSeconds: 0, usd: 0, tokens: 0, executions: 0 };
  await store.ledger.record({ runId, callId: spec.id, nodeId, kind: 'execution', cost, at: new Date() });
}

function costOf(input: ExecuteInput, { seconds, gpuSeconds }: Outcome): Cost {
  // A second part of the same node is not a second execution.
  return { seconds, gpuSeconds, usd: 0, tokens: 0, executions: input.attempt.includes('-') ? 0 : 1 };
}

/** A real cancel stops the program; a closed run, a worker's shutdown or a lost heartbeat leave it for the next attempt, or the janitor. */
async function stopOrLeave({ executor, onAbandoned }: Needs, spec: ExecutionSpec): Promise<void> {
  if (cancellationDetails()?.cancelRequested) await executor.cancel(spec.id, 'cancelled by the run');
  else onAbandoned?.();
}

async function record(
  { store }: Needs,
  input: ExecuteInput,
  spec: ExecutionSpec,
  outcome: Outcome,
): Promise<ExecuteResult> {
  const outcomeRef = await store.blobs.save(JSON.stringify(outcome));
  const { seconds, cpuSeconds, peakMemoryMiB, kind, message } = outcome;
  const { runId, nodeId, attempt } = input;
  const executionId = spec.id;
  await store.nodes.saveExecution(runId, nodeId, {
    executionId,
    attempt,
    outcomeRef,
    kind,
    message,
    seconds,
    cpuSeconds,
    peakMemoryMiB,
  });
  const cost = costOf(input, outcome);
  await store.ledger.record({ runId, callId: executionId, nodeId, kind: 'execution', cost, at: new Date() });
  return resultOf(outcome, { executionId, outcomeRef, cost });
}

function resultOf(
  outcome: Outcome,
  common: Pick<Extract<ExecuteResult, { kind: 'ran' }>, 'executionId' | 'outcomeRef' | 'cost'>,
): ExecuteResult {
  const { kind, message, milestones } = outcome;
  switch (kind) {
    case 'finished':
      return { kind: 'ran', ...common };
    case 'infrastructure':
    case 'cancelled':
      return {
        kind: 'infrastructure',
        executionId: common.executionId,
        cause: outcome.cause ?? kind,
        message,
        cost: common.cost,
      };
    default:
      return { kind: 'failed', failure: kind, milestones, message: message.slice(0, 300), ...common };
  }
}
