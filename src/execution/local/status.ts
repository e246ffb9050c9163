/** What the supervisor writes, as it writes it (python/automlgen_runtime/entry). */
import { z } from 'zod';

const Output = z.object({ name: z.string(), bytes: z.number().optional(), refused: z.string().optional() });

const Verdict = z.enum(['timeout', 'memory', 'disk', 'processes', 'output', 'cancelled']);

export const ViewStatus = z.object({
  name: z.string(),
  exitCode: z.number().nullable(),
  signal: z.string().nullable(),
  /** Why the supervisor ended it; null when it ended by itself. */
  verdict: Verdict.nullable(),
  detail: z.string(),
  seconds: z.number(),
  cpuSeconds: z.number(),
  peakMemoryMiB: z.number(),
  outOfMemoryKills: z.number(),
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
  views: z.array(ViewStatus),
  milestones: z.number(),
  gpus: z.number(),
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
