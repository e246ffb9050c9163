/** Documents that must exist by the time an activity runs. */
import { ApplicationFailure } from '@temporalio/activity';
import type { NodeId, RunId } from '../domain/ids.js';
import type { PreparedTask } from '../domain/split.js';
import type { NodeRecord } from '../store/nodes.js';
import type { RunRecord } from '../store/runs.js';
import type { Store } from '../store/store.js';

export async function requireRun(store: Store, runId: RunId): Promise<RunRecord> {
  const run = await store.runs.find(runId);
  if (run) return run;
  throw ApplicationFailure.nonRetryable(`Run ${runId} is not in the database; it may have been purged.`, 'run-unknown');
}

export async function requirePrepared(
  store: Store,
  runId: RunId,
): Promise<RunRecord & { readonly prepared: PreparedTask }> {
  const run = await requireRun(store, runId);
  if (run.prepared) return { ...run, prepared: run.prepared };
  throw ApplicationFailure.nonRetryable(`Run ${runId} has no frozen split.`, 'run-unknown');
}

export async function requireNode(store: Store, runId: RunId, nodeId: NodeId): Promise<NodeRecord> {
  const node = await store.nodes.find(runId, nodeId);
  if (node) return node;
  throw ApplicationFailure.nonRetryable(`Node ${nodeId} of run ${runId} is not in the database.`, 'node-unknown');
}
