/** Removes executions whose run has ended: what a worker does at its start, by hand or by a timer. */
import { join } from 'node:path';
import { connectTemporal } from '../client/connection.js';
import type { SweepReport } from '../execution/port.js';
import { up } from '../stack/up.js';
import { openStore } from '../store/store.js';
import { chooseExecutor } from '../worker/executor.js';
import { sweepExecutions } from '../worker/janitor.js';
import { progress } from './output.js';
import { places } from './places.js';

/** An execution that the store does not know is left alone: it may belong to another installation in the same namespace. */
export async function sweepCluster(): Promise<SweepReport> {
  const here = places();
  const stack = await up({ pieces: ['temporal', 'database'] });
  const store = await openStore({ uri: stack.mongodbUri, blobFolder: here.blobs });
  const temporal = await connectTemporal(stack.temporalAddress);
  const runtimeFolder = join(here.package, 'python');
  const folders = { python: '', executionFolder: here.executions, runtimeFolder, onExecutorLog: progress };
  const chosen = chooseExecutor(folders, store.blobs, { ...process.env, AUTOMLGEN_EXECUTOR: 'kubernetes' });
  try {
    return await sweepExecutions(chosen.executor, store.ledger, temporal.client);
  } finally {
    await chosen.close();
    await Promise.all([store.close(), temporal.close()]);
  }
}
