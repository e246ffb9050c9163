/** Stops and forgets executions whose run has ended, for example by Temporal's *Terminate*, which runs no code of ours. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Executor, SweepReport } from '../execution/port.js';
import type { Ledger } from '../store/ledger.js';

/** An execution that the store does not know is left alone: it may belong to another store on the same machine. */
export function sweepExecutions(executor: Executor, ledger: Ledger, client: Client): Promise<SweepReport> {
  return executor.sweep(async (id) => {
    const runId = await ledger.runOf(id);
    return runId === undefined || isRunning(client, runId);
  });
}

/** The server forgets runs that ended long ago, and no others. */
async function isRunning(client: Client, runId: string): Promise<boolean> {
  try {
    const description = await client.workflow.getHandle(runId).describe();
    return description.status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
