/** Brings the files of stored outcomes to where the evaluator can read them. */
import { BlobId } from '../domain/ids.js';
import { Outcome } from '../domain/outcome.js';
import type { LocalOutput } from '../evaluation/port.js';
import type { Store } from '../store/store.js';

/** Files of all given outcomes, in order, each at a local path. */
export async function localOutputs(store: Store, outcomeRefs: readonly string[]): Promise<readonly LocalOutput[]> {
  const outcomes = await Promise.all(outcomeRefs.map((ref) => store.blobs.readJson(BlobId.parse(ref))));
  return outcomes.flatMap((stored) =>
    Outcome.parse(stored).files.map(({ blob, ...file }) => ({ ...file, path: store.blobs.pathOf(blob) })),
  );
}
