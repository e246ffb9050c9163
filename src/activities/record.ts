/** Writes what the search did, so that it outlives the workflow engine's retention. */
import { ApplicationFailure } from '@temporalio/activity';
import { BlobId, blobIdOf } from '../domain/ids.js';
import type { SearchActivities } from './contract.js';
import type { Dependencies } from './dependencies.js';

export function createRecordActivities({ store }: Pick<Dependencies, 'store'>): SearchActivities {
  return {
    recordEvents: ({ runId, from, events }) => store.events.append(runId, from, events),
    enrolRun: ({ runId, source, config }) =>
      store.runs.save({ runId, source, config, startedAt: new Date(), phase: 'preparing' }),
    closeLedger: async ({ runId }) => (await store.calls.close(runId, 'the run was ended from outside')) ?? null,
    async saveSnapshot({ snapshot }) {
      const ref = await store.blobs.save(snapshot);
      return { ref, sha256: ref };
    },
    async loadSnapshot({ ref, sha256 }) {
      const snapshot = await store.blobs.readText(BlobId.parse(ref));
      if (blobIdOf(snapshot) !== sha256) {
        throw ApplicationFailure.nonRetryable(
          `Snapshot ${ref} does not have the hash ${sha256}: its blob was changed.`,
        );
      }
      return snapshot;
    },
  };
}
