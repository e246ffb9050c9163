/** `status`: what is there and what runs, found out by looking. Starts nothing, fetches nothing, needs no lock. */

import { cacheFolder } from './cache-folder.js';
import { PIECE_NAMES, type PieceName } from './connections.js';
import type { StackContext } from './context.js';
import type { ServerPiece, ToolPiece } from './piece.js';
import { isSameProcess } from './process-identity.js';
import { withoutSecrets } from './server.js';
import { readState } from './state-file.js';
import { TABLE } from './table.js';

/**
 * `running`: ours, and it answers. `external`: named in the environment, and it answers. `unhealthy`: it should answer and does not.
 * `ready`: a tool that is in place. `stopped`: installed, not running. `missing`: `up` would fetch it.
 */
export type PieceState = 'running' | 'external' | 'unhealthy' | 'ready' | 'stopped' | 'missing';

export interface PieceStatus {
  readonly piece: PieceName;
  readonly state: PieceState;
  readonly purpose: string;
  /** Name and version; empty when it is missing. */
  readonly version: string;
  /** Address of a server, path of a tool; empty when there is none. Passwords are left out. */
  readonly where: string;
  readonly pid?: number;
  readonly startedAt?: string;
  readonly dataPath?: string;
  readonly logPath?: string;
  /** Why it is unhealthy. */
  readonly problem?: string;
  readonly uiUrl?: string;
}

export interface StackStatus {
  readonly cache: string;
  readonly pieces: readonly PieceStatus[];
  readonly notes: readonly string[];
}

export async function status(environment: NodeJS.ProcessEnv = process.env): Promise<StackStatus> {
  const notes: string[] = [];
  const context: StackContext = {
    cache: cacheFolder(environment),
    environment,
    report: () => undefined,
    note: (sentence) => notes.push(sentence),
  };
  const pieces = await Promise.all(
    PIECE_NAMES.map((name) => {
      const piece = TABLE[name];
      return piece.kind === 'server' ? serverStatus(piece, context) : toolStatus(piece, context);
    }),
  );
  return { cache: context.cache.root, pieces, notes };
}

async function serverStatus(piece: ServerPiece, context: StackContext): Promise<PieceStatus> {
  const base = { piece: piece.name, purpose: piece.purpose };
  const external = context.environment[piece.addressVariable];
  if (external) {
    const problem = await problemOf(() => piece.check(context, external, false));
    const where = withoutSecrets(external);
    return {
      ...base,
      version: piece.addressVariable,
      where,
      ...(problem ? { state: 'unhealthy', problem } : { state: 'external' }),
    };
  }
  const record = readState(context.cache.stateFile).servers[piece.name];
  if (record && (await isSameProcess(record.pid, record.startTime))) {
    const { version, pid, startedAt, dataPath, logPath, uiPort } = record;
    const where = piece.address(record.port);
    const problem = await problemOf(() => piece.check(context, where, true));
    const uiUrl = uiPort === undefined ? {} : { uiUrl: `http://127.0.0.1:${uiPort}` };
    const known = { ...base, version, where, pid, startedAt, dataPath, logPath, ...uiUrl };
    return problem ? { ...known, state: 'unhealthy', problem } : { ...known, state: 'running' };
  }
  const program = await piece.lookFor(context);
  return { ...base, version: program?.label ?? '', where: '', state: program ? 'stopped' : 'missing' };
}

async function toolStatus(piece: ToolPiece, context: StackContext): Promise<PieceStatus> {
  const base = { piece: piece.name, purpose: piece.purpose };
  try {
    const program = await piece.lookFor(context);
    if (!program) return { ...base, state: 'missing', version: '', where: '' };
    return { ...base, state: 'ready', version: program.label, where: program.path };
  } catch (error) {
    return { ...base, state: 'unhealthy', version: '', where: '', problem: messageOf(error) };
  }
}

async function problemOf(check: () => Promise<void>): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
