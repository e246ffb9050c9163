/** How one execution of a candidate program ended. A candidate's failure is data, never an exception. */
import { z } from 'zod';
import { BlobId } from './ids.js';

/** Faults of the program; each charges the node. */
export const FailureClass = z.enum([
  'syntax',
  'exception',
  'timeout',
  'memory',
  'gpu-memory',
  'disk',
  'no-output',
  'bad-format',
  'suspicious',
]);
export type FailureClass = z.infer<typeof FailureClass>;

/** `infrastructure` and `cancelled` never charge the node. */
export const OutcomeKind = z.enum(['finished', ...FailureClass.options, 'infrastructure', 'cancelled']);
export type OutcomeKind = z.infer<typeof OutcomeKind>;

export const OutputFile = z.object({
  /** The view it was written under: `main`, `fold1` … `fold5`, `full`. */
  view: z.string(),
  /** Path below `working/`, for example `submission.csv`. */
  name: z.string(),
  blob: BlobId,
  bytes: z.number().int().nonnegative(),
});
export type OutputFile = z.infer<typeof OutputFile>;

export const Outcome = z.object({
  kind: OutcomeKind,
  /** One sentence for a person: what happened, with the value that was too large, missing or wrong. */
  message: z.string(),
  /** For `infrastructure`: a short stable cause, for example `supervisor-lost`. */
  cause: z.string().optional(),
  exitCode: z.number().int().optional(),
  signal: z.string().optional(),
  /** Wall time of the candidate's own processes, all views together. */
  seconds: z.number().nonnegative(),
  cpuSeconds: z.number().nonnegative(),
  gpuSeconds: z.number().nonnegative(),
  peakMemoryMiB: z.number().nonnegative(),
  /** How many of import, read, fit, metric, predict, probabilities, output were passed; an untrusted hint. */
  milestones: z.number().int().min(0).max(7),
  /** Wall seconds by view, in the order in which they ran; a view that did not run is absent. */
  viewSeconds: z.record(z.string(), z.number()),
  stdoutTail: z.string(),
  stderrHead: z.string(),
  stderrTail: z.string(),
  files: z.array(OutputFile),
});
export type Outcome = z.infer<typeof Outcome>;
