/** What the supervisor writes, as it writes it (python/automlgen_runtime/entry). */
import { z } from 'zod';

/** A program that shares a user with its supervisor may write anything here, so each number has its bounds. */
const Amount = z.number().nonnegative().max(1e9);

const Output = z.object({
  name: z.string(),
  bytes: z.number().nonnegative().optional(),
  refused: z.string().optional(),
});

const Verdict = z.enum(['timeout', 'memory', 'disk', 'processes', 'output', 'cancelled']);

export const ViewStatus = z.object({
  name: z.string(),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  /** Why the supervisor ended it; null when it ended by itself. */
  verdict: Verdict.nullable(),
  detail: z.string(),
  seconds: Amount,
  cpuSeconds: Amount,
  peakMemoryMiB: Amount,
  outOfMemoryKills: Amount,
  /** False when a process withstood being killed. */
  stopped: z.boolean(),
  outputs: z.array(Output),
  failed: z.boolean(),
});
export type ViewStatus = z.infer<typeof ViewStatus>;

export const Status = z.object({
  cause: z.string().nullable(),
  message: z.string(),
  cancelled: z.string().nullable(),
  views: z.array(ViewStatus).max(16),
  milestones: z.number().int().min(0).max(7),
  gpus: Amount,
  stdoutTail: z.string(),
  stderrHead: z.string(),
  stderrTail: z.string(),
});
export type Status = z.infer<typeof Status>;

export const Progress = z.object({
  phase: z.enum(['queued', 'running']),
  view: z.string().optional(),
  /** Unix seconds. */
  since: z.number(),
});
export type Progress = z.infer<typeof Progress>;
