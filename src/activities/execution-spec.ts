/** How every program of a run is started: candidates, refits and the isolation probe alike. */
import { ApplicationFailure } from '@temporalio/activity';
import type { ExecutionSpec } from '../domain/execution-spec.js';
import { BlobId, executionIdOf } from '../domain/ids.js';
import type { PreparedTask } from '../domain/split.js';
import type { RunRecord } from '../store/runs.js';
import type { ExecuteInput } from './contract.js';

const OUTPUTS = ['submission.csv', 'probabilities.csv'];

/** `outputs` differ for the probe alone. */
export function executionSpec(
  input: ExecuteInput,
  run: RunRecord & { readonly prepared: PreparedTask },
  outputs: readonly string[] = OUTPUTS,
): ExecutionSpec {
  const views = input.views.map((name) => {
    const folder = run.prepared.views[name];
    if (folder === undefined) throw ApplicationFailure.nonRetryable(`The split of ${input.runId} has no view ${name}.`);
    return { name, input: folder };
  });
  return {
    id: executionIdOf(input.runId, input.nodeId, input.attempt),
    runId: input.runId,
    nodeId: input.nodeId,
    program: BlobId.parse(input.programRef),
    views,
    limits: { ...run.config.limits, runSeconds: input.runSeconds },
    network: 'none',
    environment: {},
    outputs: [...outputs],
  };
}
