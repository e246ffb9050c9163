/** The connections a command works with, opened in the order in which they are needed and closed together. */
import { connectTemporal, type TemporalConnection } from '../client/connection.js';
import { type RunClient, runClient } from '../client/runs.js';
import type { RunId } from '../domain/ids.js';
import type { StackConnections } from '../stack/connections.js';
import { up } from '../stack/up.js';
import type { RunRecord } from '../store/runs.js';
import { openStore, type Store } from '../store/store.js';
import { reviveStub } from './embedded-stub.js';
import { ensureWorker, startsWorker } from './embedded-worker.js';
import { findRun } from './find-run.js';
import { progress } from './output.js';
import { neededPieces } from './pieces.js';
import { type Places, places } from './places.js';
import { stackProgress } from './stack-progress.js';

export interface Session {
  readonly places: Places;
  readonly stack: StackConnections;
  readonly store: Store;
  readonly temporal: TemporalConnection;
  /** `last`, a run id, or the beginning of exactly one. */
  findRun(name: string | undefined): Promise<RunRecord>;
  run(runId: RunId): RunClient;
  /** Starts the embedded worker again when it has died. */
  keepWorking(): Promise<void>;
  close(): Promise<void>;
}

/** Starts what is not running yet: servers, and with `worker` the embedded worker. */
export async function openSession(options: { readonly worker: boolean; readonly quiet?: boolean }): Promise<Session> {
  const here = places();
  const stack = await up({
    onProgress: options.quiet ? () => undefined : stackProgress(),
    pieces: neededPieces(),
  });
  const [store, temporal] = await Promise.all([
    openStore({ uri: stack.mongodbUri, blobFolder: here.blobs }),
    connectTemporal(stack.temporalAddress),
  ]);
  if (options.worker && startsWorker()) {
    const worker = await ensureWorker(here, stack);
    if (worker.started && !options.quiet) progress(`Worker started (pid ${worker.pid}, log ${worker.log}).`);
  }
  return {
    places: here,
    stack,
    store,
    temporal,
    findRun: (name) => findRun(store.runs, name),
    run: (runId) => runClient(temporal.client, runId),
    async keepWorking() {
      if (startsWorker()) await ensureWorker(here, stack);
      await reviveStub(here);
    },
    async close() {
      await Promise.all([store.close(), temporal.close()]);
    },
  };
}
