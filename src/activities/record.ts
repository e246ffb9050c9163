/** Writes what the search did, so that it outlives the workflow engine's retention. */
import type { SearchActivities } from './contract.js';
import type { Dependencies } from './dependencies.js';
import { createSnapshotActivities } from './snapshots.js';

export function createRecordActivities({ store }: Pick<Dependencies, 'store'>): SearchActivities {
  return {
    recordEvents: ({ runId, from, events }) => store.events.append(runId, from, events),
    enrolRun: ({ runId, source, config }) =>
      store.runs.save({ runId, source, config, startedAt: new Date(), phase: 'preparing' }),
    closeLedger: async ({ runId }) => (await store.calls.close(runId, 'the run was ended from outside')) ?? null,
    ...createSnapshotActivities(store.blobs),
  };
}
