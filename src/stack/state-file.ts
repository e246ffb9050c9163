/** What the stack remembers between commands: which servers it started, and nothing that can be found out by looking. */

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const ServerRecord = z.object({
  pid: z.number().int().positive(),
  /** Guards against a pid that another process got since. */
  startTime: z.string(),
  port: z.number().int(),
  uiPort: z.number().int().optional(),
  /** What runs, for people: name and version. */
  version: z.string(),
  /** Which kind of server owns the data, since two kinds cannot read each other's. */
  flavour: z.string(),
  dataPath: z.string(),
  logPath: z.string(),
  startedAt: z.iso.datetime(),
});
export type ServerRecord = z.infer<typeof ServerRecord>;

const StackState = z.object({
  format: z.literal(1),
  servers: z.object({ temporal: ServerRecord.optional(), database: ServerRecord.optional() }),
});
export type StackState = z.infer<typeof StackState>;
export type ServerName = keyof StackState['servers'];

/** Empty when there is no file or it is unreadable: servers that it named are then found stopped, and none is killed. */
export function readState(path: string): StackState {
  try {
    return StackState.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return { format: 1, servers: {} };
  }
}

/**
 * Replaces the record of one server, whole or not at all. The caller holds the lock between processes; within one process servers
 * start side by side, so nothing here yields between reading and writing.
 */
export function rememberServer(path: string, name: ServerName, record: ServerRecord | undefined): void {
  const state = readState(path);
  const servers = { ...state.servers, [name]: record };
  writeFileSync(`${path}.new`, `${JSON.stringify({ ...state, servers }, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}
