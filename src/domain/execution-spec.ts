/** Everything an executor needs to run one program, as plain JSON. */
import { z } from 'zod';
import { BlobId, ExecutionId, NodeId, RunId } from './ids.js';

export const ExecutionLimits = z.object({
  cpus: z.number().positive(),
  memoryMiB: z.number().int().positive(),
  /** Total below the work folder; also the largest single file. */
  diskMiB: z.number().int().positive(),
  shmMiB: z.number().int().positive(),
  gpus: z.number().int().nonnegative(),
  pids: z.number().int().positive(),
  /** Wall seconds for each view. */
  runSeconds: z.number().positive(),
});
export type ExecutionLimits = z.infer<typeof ExecutionLimits>;

export const ExecutionView = z.object({
  /** `main`, `fold1` … `fold5` or `full`: the folder name of its outputs. */
  name: z.string().regex(/^[a-z][a-z0-9]*$/),
  /** Absolute folder that appears read-only as `./input`. */
  input: z.string(),
});
export type ExecutionView = z.infer<typeof ExecutionView>;

export const ExecutionSpec = z.object({
  id: ExecutionId,
  runId: RunId,
  nodeId: NodeId,
  program: BlobId,
  /** Run one after the other, each with empty work and temp folders of its own; the first that fails ends the execution. */
  views: z.array(ExecutionView).min(1),
  limits: ExecutionLimits,
  network: z.enum(['none', 'open']),
  environment: z.record(z.string(), z.string()),
  /** Paths below `working/` to bring back when they exist. The first is required. */
  outputs: z.array(z.string()).min(1),
});
export type ExecutionSpec = z.infer<typeof ExecutionSpec>;
