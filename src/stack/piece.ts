/** The columns of the table: how a piece is looked for, got, started, known to be ready, and stopped. */

import type { StackContext } from './context.js';
import type { Installer } from './installer.js';
import type { ServerName } from './state-file.js';

/** Gives the installer, which is fetched on the first call: a stack that is complete never needs it. */
export type GetInstaller = () => Promise<Installer>;

/** A program on this machine that can be started or used. */
export interface Program {
  readonly path: string;
  /** For people: name, version, and where it came from if not from the cache. */
  readonly label: string;
  readonly flavour: string;
  /** Arguments that come before the piece's own, such as a class path. */
  readonly leading?: readonly string[];
}

interface Row<Name> {
  readonly name: Name;
  /** Ends the sentence "needed for …". */
  readonly purpose: string;
  /** In the environment, on PATH, in the cache, in this order. Adds a note when it passes over something that is there. */
  lookFor(context: StackContext): Promise<Program | undefined>;
  /** Downloads it. Throws a download error, or `stack-piece-missing` where there is none for this machine. */
  get(context: StackContext, installer: GetInstaller): Promise<Program>;
}

export interface ToolPiece extends Row<'python' | 'sandbox'> {
  readonly kind: 'tool';
  /** Where it cannot be had the stack goes on, with a note that says so. */
  readonly optional: boolean;
}

export interface ServerPlan {
  readonly args: readonly string[];
  readonly dataPath: string;
}

export interface ServerPorts {
  readonly port: number;
  readonly uiPort?: number;
}

export interface ServerPiece extends Row<ServerName> {
  readonly kind: 'server';
  /** The variable that names a server to use instead of starting one. */
  readonly addressVariable: 'TEMPORAL_ADDRESS' | 'MONGODB_URI';
  /** Variables that demand a port. */
  readonly portVariable: string;
  readonly uiPortVariable?: string;
  /** What goes on the command line and where the data lies. `program.leading` is added by the caller. */
  plan(context: StackContext, program: Program, ports: ServerPorts): ServerPlan;
  /** What clients connect to. */
  address(port: number): string;
  /** One attempt: returns when a client can work with the server, throws why not. Sets up what a fresh server lacks. */
  check(context: StackContext, address: string, own: boolean): Promise<void>;
  /** Flags that an older program may lack, to be dropped when it says so. */
  readonly optionalFlags: readonly string[];
}
