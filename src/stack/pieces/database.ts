/** The database: an installed MongoDB if there is one, else the embedded MongoDB-compatible server. */

import { join } from 'node:path';
import type { StackContext } from '../context.js';
import { checkDatabase } from '../database-check.js';
import { EMBEDDED_DATABASE, getEmbeddedDatabase, lookForEmbeddedDatabase } from '../embedded-database.js';
import { atLeast, findProgram } from '../find-program.js';
import type { Program, ServerPiece } from '../piece.js';
import { runCommand } from '../run-command.js';
import { exists } from '../tool-folder.js';

const OLDEST = '4.4.0';
const REPLICA_SET = 'automlgen';

export const databasePiece: ServerPiece = {
  kind: 'server',
  name: 'database',
  purpose: 'results, programs and knowledge',
  addressVariable: 'MONGODB_URI',
  portVariable: 'AUTOMLGEN_DATABASE_PORT',
  optionalFlags: [],

  async lookFor(context) {
    return (await installedMongod(context)) ?? (await lookForEmbeddedDatabase(context));
  },

  get: getEmbeddedDatabase,

  plan(context, program, { port }) {
    if (program.flavour === EMBEDDED_DATABASE) {
      const dataPath = embeddedFile(context);
      return { args: [String(port), dataPath], dataPath };
    }
    const dataPath = join(context.cache.data, 'mongod');
    const place = ['--dbpath', dataPath, '--bind_ip', '127.0.0.1', '--port', String(port)];
    return { args: [...place, '--replSet', REPLICA_SET], dataPath };
  },

  address: (port) => `mongodb://127.0.0.1:${port}/automlgen?directConnection=true`,
  check: (_context, address, own) => checkDatabase(address, own ? REPLICA_SET : undefined),
};

/**
 * A `mongod` of 4.4 or later on PATH, unless earlier runs lie in the embedded store: the two cannot read each other's files, and
 * nobody wants to lose sight of their runs because they installed MongoDB.
 */
async function installedMongod(context: StackContext): Promise<Program | undefined> {
  const path = await findProgram('mongod', context.environment);
  if (!path) return undefined;
  const { stdout } = await runCommand(path, ['--version'], { timeoutMs: 20_000 });
  const version = /db version v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  if (!version || !atLeast(version, OLDEST)) {
    context.note(`${path} is passed over: version ${version ?? 'unknown'}, ${OLDEST} or later is needed.`);
    return undefined;
  }
  if (await exists(embeddedFile(context))) {
    context.note(
      `${path} is passed over: earlier runs are in the embedded store. Set MONGODB_URI to leave them behind.`,
    );
    return undefined;
  }
  return { path, label: `MongoDB ${version} (${path})`, flavour: 'mongod' };
}

function embeddedFile(context: StackContext): string {
  return join(context.cache.data, 'database.mv');
}
