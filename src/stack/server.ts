/** Brings one server up: the one named in the environment, the one that runs already, or a new one. */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../domain/errors.js';
import type { StackContext } from './context.js';
import type { GetInstaller, Program, ServerPiece, ServerPorts } from './piece.js';
import { choosePort } from './ports.js';
import { isSameProcess } from './process-identity.js';
import { lastLines, startDetached, stopProcess } from './server-process.js';
import { readState, rememberServer, type ServerRecord } from './state-file.js';

export interface RunningServer {
  readonly address: string;
  /** Absent for a server that is not ours. */
  readonly record?: ServerRecord;
}

const READY_MS = 60_000;

/** Throws `server-unreachable`, `server-failed`, `port-taken`, or what `get` throws. The caller holds the lock. */
export async function ensureServer(
  piece: ServerPiece,
  context: StackContext,
  installer: GetInstaller,
): Promise<RunningServer> {
  const external = context.environment[piece.addressVariable];
  if (external) return useExternal(piece, context, external);
  const last = readState(context.cache.stateFile).servers[piece.name];
  if (last && (await isHealthy(piece, context, last))) {
    context.report({
      piece: piece.name,
      kind: 'ready',
      message: `${last.version}, running since ${last.startedAt} (pid ${last.pid})`,
    });
    return { address: piece.address(last.port), record: last };
  }
  if (last && (await stopProcess(last)))
    context.note(`The ${piece.name} server (pid ${last.pid}) did not answer and was restarted.`);
  const program = (await piece.lookFor(context)) ?? (await piece.get(context, installer));
  const record = await start(piece, context, program, await choosePorts(piece, context, last));
  return { address: piece.address(record.port), record };
}

async function useExternal(piece: ServerPiece, context: StackContext, address: string): Promise<RunningServer> {
  try {
    await piece.check(context, address, false);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      'server-unreachable',
      `${piece.addressVariable} is ${withoutSecrets(address)}, where no server answers: ${reason(error)}.`,
      `Start it, correct the address, or unset ${piece.addressVariable} to have a server started.`,
      { cause: error },
    );
  }
  const message = `${withoutSecrets(address)}, named by ${piece.addressVariable}`;
  context.report({ piece: piece.name, kind: 'ready', message });
  return { address };
}

async function isHealthy(piece: ServerPiece, context: StackContext, record: ServerRecord): Promise<boolean> {
  if (!(await isSameProcess(record.pid, record.startTime))) return false;
  try {
    await piece.check(context, piece.address(record.port), true);
    return true;
  } catch (error) {
    if (error instanceof UserError) throw error;
    return false;
  }
}

async function choosePorts(
  piece: ServerPiece,
  context: StackContext,
  last: ServerRecord | undefined,
): Promise<ServerPorts> {
  const wish = (variable: string | undefined, what: string, port: number | undefined): Promise<number> => {
    const value = variable ? context.environment[variable] : undefined;
    const demanded = variable && value ? { setting: variable, value } : undefined;
    return choosePort({ key: `${context.cache.root} ${what}`, last: port, demanded });
  };
  const port = await wish(piece.portVariable, piece.name, last?.port);
  if (!piece.uiPortVariable) return { port };
  return { port, uiPort: await wish(piece.uiPortVariable, `${piece.name} page`, last?.uiPort) };
}

async function start(
  piece: ServerPiece,
  context: StackContext,
  program: Program,
  ports: ServerPorts,
  without: readonly string[] = [],
): Promise<ServerRecord> {
  const logPath = join(context.cache.logs, `${piece.name}.log`);
  const { args, dataPath } = piece.plan(context, program, ports);
  const started = performance.now();
  context.report({ piece: piece.name, kind: 'start', message: `${program.label} on port ${ports.port}` });
  const all = [...(program.leading ?? []), ...args.filter((argument) => !without.includes(argument))];
  const child = await startDetached(program.path, all, logPath, context.environment);
  const startedAt = new Date().toISOString();
  const record = { ...child, ...ports, version: program.label, flavour: program.flavour, dataPath, logPath, startedAt };
  rememberServer(context.cache.stateFile, piece.name, record);
  const failure = await waitUntilReady(piece, context, record);
  if (failure === undefined) {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    context.report({ piece: piece.name, kind: 'ready', message: `${program.label}, ready after ${seconds} s` });
    return record;
  }
  await stopProcess(record, 2_000);
  rememberServer(context.cache.stateFile, piece.name, undefined);
  const log = await lastLines(logPath, 15);
  const unknown = piece.optionalFlags.find((flag) => !without.includes(flag) && log.includes(flag.replace(/^--/, '')));
  if (unknown && failure === 'it ended') return start(piece, context, program, ports, [...without, unknown]);
  throw new UserError(
    'server-failed',
    `The ${piece.name} server (${program.path}) did not become ready: ${failure}.${log === '' ? '' : ` Its last words:\n${log}`}`,
    `Read ${logPath}, then run \`automlgen doctor\`.`,
  );
}

/** Undefined when it is ready, else why not. */
async function waitUntilReady(
  piece: ServerPiece,
  context: StackContext,
  record: ServerRecord,
): Promise<string | undefined> {
  let failure = 'it did not answer';
  for (const until = Date.now() + READY_MS; Date.now() < until; await sleep(50)) {
    if (!(await isSameProcess(record.pid, record.startTime))) return 'it ended';
    try {
      await piece.check(context, piece.address(record.port), true);
      return undefined;
    } catch (error) {
      if (error instanceof UserError) throw error;
      failure = reason(error);
    }
  }
  return failure;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0] || error.name : String(error);
}

/** An address may carry a password. */
export function withoutSecrets(address: string): string {
  return address.replace(/\/\/[^@/]*@/, '//***@');
}
