/** Everything persisted, opened together. */
import { type Blobs, createBlobs } from './blobs.js';
import { type Calls, createCalls } from './calls.js';
import { type Database, openDatabase } from './connection.js';
import { createEvents, type Events } from './events.js';
import { ensureIndexes } from './indexes.js';
import { createLedger, type Ledger } from './ledger.js';
import { createLessons, type Lessons } from './lessons.js';
import { createNodes, type Nodes } from './nodes.js';
import { createRuns, type Runs } from './runs.js';

export interface Store {
  readonly database: Database;
  readonly runs: Runs;
  readonly events: Events;
  readonly nodes: Nodes;
  readonly ledger: Ledger;
  readonly calls: Calls;
  readonly lessons: Lessons;
  readonly blobs: Blobs;
  close(): Promise<void>;
}

/** @throws UserError `stack-not-running` when the database does not answer. */
export async function openStore(options: { readonly uri: string; readonly blobFolder: string }): Promise<Store> {
  const database = await openDatabase(options.uri);
  await ensureIndexes(database.db);
  return {
    database,
    runs: createRuns(database.db),
    events: createEvents(database.db),
    nodes: createNodes(database.db),
    ledger: createLedger(database.db),
    calls: createCalls(database.db),
    lessons: createLessons(database.db),
    blobs: createBlobs(options.blobFolder),
    close: () => database.close(),
  };
}
