/** Where programs run is a plug: everything that runs one program, survives its caller, and returns how it ended. */

import type { ExecutionSpec } from '../domain/execution-spec.js';
import type { BlobId, ExecutionId } from '../domain/ids.js';
import type { Outcome } from '../domain/outcome.js';

/**
 * `full`: namespaces and no way to the answers; `pod`: a container of its own, without rights in the cluster; `process+uid`: other
 * user, open network; `process`: the answers could be read.
 */
export type SandboxLevel = 'full' | 'pod' | 'process+uid' | 'process';

/** A pod has one network for all of its containers: what brings the results away, the program reaches too. */
export type NetworkLevel = 'blocked' | 'artefact endpoint only' | 'open';

export interface Capabilities {
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly gpus: number;
  /** Executions that may run at the same time; tokens are the executor's own. */
  readonly slots: number;
  readonly sandbox: SandboxLevel;
  readonly network: NetworkLevel;
  readonly memoryLimit: 'cgroup' | 'polled';
  readonly processLimit: 'cgroup' | 'rlimit' | 'polled';
  readonly diskLimit: 'polled' | 'kubelet';
  /** Why the level is not the strongest, one sentence each. */
  readonly notes: readonly string[];
}

export interface ExecutionHandle {
  readonly id: ExecutionId;
  /** True when the execution had been started before, by this or another process. */
  readonly adopted: boolean;
}

export interface ExecutionProgress {
  readonly phase: 'queued' | 'running';
  readonly seconds: number;
  readonly view?: string;
}

export interface SweepReport {
  readonly removed: readonly ExecutionId[];
  /** Somebody still asks for them. */
  readonly kept: readonly ExecutionId[];
  /** Nobody asks for them, and something stood against their end: the next sweep tries again. */
  readonly failed: readonly { readonly id: ExecutionId; readonly why: string }[];
}

export interface Executor {
  readonly name: 'local' | 'kubernetes';
  capabilities(): Promise<Capabilities>;
  /** Idempotent by `spec.id`: adopts what already runs or has ended. Waits for a capacity token until `signal` aborts. */
  submit(
    spec: ExecutionSpec,
    options?: { signal?: AbortSignal; onProgress?: (progress: ExecutionProgress) => void },
  ): Promise<ExecutionHandle>;
  /** Ends when the execution has; may be called from any process, any number of times. Output files are in the blob store before it returns. */
  wait(
    handle: ExecutionHandle,
    options?: { signal?: AbortSignal; onProgress?: (progress: ExecutionProgress) => void },
  ): Promise<Outcome>;
  /** Returns when nothing of the execution runs any more. Harmless for an execution that has ended. */
  cancel(id: ExecutionId, reason: string): Promise<void>;
  /** Forgets an ended execution and its folders. */
  release(id: ExecutionId): Promise<void>;
  /** Removes ended executions nobody asks for and stops running ones whose owner is gone. */
  sweep(isLive: (id: ExecutionId) => Promise<boolean>): Promise<SweepReport>;
}

/** The part of the blob store that an executor needs. */
export interface BlobAccess {
  read(id: BlobId): Promise<Uint8Array>;
  /** Copies a regular file into the store and returns its id. */
  saveFile(path: string): Promise<{ readonly id: BlobId; readonly bytes: number }>;
}
