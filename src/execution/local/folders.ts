/** The folders of one execution. `control` lies beside `work` and is never shown to the program. */
import { join } from 'node:path';
import type { ExecutionId } from '../../domain/ids.js';

export interface ExecutionFolders {
  readonly top: string;
  readonly control: string;
  readonly request: string;
  readonly program: string;
  readonly pid: string;
  readonly progress: string;
  readonly cancel: string;
  /** Present exactly when the execution has ended. */
  readonly status: string;
  /** Errors of the supervisor itself. */
  readonly log: string;
  output(view: string, name: string): string;
}

export function executionsFolder(root: string): string {
  return join(root, 'executions');
}

/** One locked file for each slot: the capacity tokens. */
export function slotsFolder(root: string): string {
  return join(root, 'slots');
}

export function foldersOf(root: string, id: ExecutionId): ExecutionFolders {
  const top = join(executionsFolder(root), id);
  const control = join(top, 'control');
  return {
    top,
    control,
    request: join(control, 'request.json'),
    program: join(control, 'program.py'),
    pid: join(control, 'pid.json'),
    progress: join(control, 'progress.json'),
    cancel: join(control, 'cancel.json'),
    status: join(control, 'status.json'),
    log: join(control, 'supervisor.log'),
    output: (view, name) => join(control, 'outputs', view, name),
  };
}
