/** Stores what is too large for a history, by what it holds. */
import { ApplicationFailure } from '@temporalio/activity';
import { BlobId, blobIdOf } from '../domain/ids.js';
import type { Blobs } from '../store/blobs.js';
import type { SearchActivities } from './contract.js';

export function createSnapshotActivities(
  blobs: Pick<Blobs, 'save' | 'readText'>,
): Pick<SearchActivities, 'saveSnapshot' | 'loadSnapshot'> {
  return {
    async saveSnapshot({ snapshot }) {
      const ref = await blobs.save(snapshot);
      return { ref, sha256: ref };
    },
    async loadSnapshot({ ref, sha256 }) {
      const snapshot = await blobs.readText(BlobId.parse(ref));
      if (blobIdOf(snapshot) !== sha256) {
        throw ApplicationFailure.nonRetryable(
          `Snapshot ${ref} does not have the hash ${sha256}: its blob was changed.`,
        );
      }
      return snapshot;
    },
  };
}
