/** Which parts of the embedded stack a worker of this machine needs: programs in a cluster need no sandbox of it. */
import { PIECE_NAMES, type PieceName } from '../stack/connections.js';
import { runsInCluster } from '../worker/operations.js';

/** @throws UserError `option-invalid` for an executor that there is not. */
export function neededPieces(environment: NodeJS.ProcessEnv = process.env): readonly PieceName[] {
  return runsInCluster(environment) ? PIECE_NAMES.filter((name) => name !== 'sandbox') : PIECE_NAMES;
}
