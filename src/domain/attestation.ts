/** What a run can prove about the isolation of its programs: what they were shown, and what a program that tried could reach. */
import { z } from 'zod';
import { BlobId, ExecutionId, RunId } from './ids.js';

/** One attempt of the probe, over all views that it ran in. */
export const ProbeAttempt = z.object({
  /** What was tried, in words: `the hidden labels`, `connect to the database`. */
  what: z.string(),
  /** The path, address or name. */
  target: z.string(),
  /**
   * `refused` in every view; `reached` in at least one; `absent`: trusted code found nothing there either, so the attempt proves
   * nothing.
   */
  result: z.enum(['refused', 'reached', 'absent']),
  /** How it was refused, or what was got and in which view. */
  detail: z.string(),
  /** Reached, it would let a program know answers or change scores. */
  vital: z.boolean(),
});
export type ProbeAttempt = z.infer<typeof ProbeAttempt>;

/** As the program saw it: `source` is the path on the file system that is mounted. */
export const Mount = z.object({
  path: z.string(),
  source: z.string(),
  kind: z.string(),
  access: z.enum(['read-only', 'writable']),
});
export type Mount = z.infer<typeof Mount>;

export const AttestedView = z.object({
  name: z.string(),
  files: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  /** SHA-256 over path and content of every file, computed by trusted code. */
  hash: z.string(),
  /** True when the program computed the same over what it saw as `./input`. */
  seen: z.boolean(),
});
export type AttestedView = z.infer<typeof AttestedView>;

export const Attestation = z.object({
  schemaVersion: z.literal(1),
  runId: RunId,
  executionId: ExecutionId,
  /** When the probe ended, ISO 8601. */
  at: z.string(),
  level: z.enum(['full', 'pod', 'process+uid', 'process']),
  network: z.enum(['blocked', 'artefact endpoint only', 'open']),
  mounts: z.array(Mount),
  /** Names of the variables that the program was given. */
  environment: z.array(z.string()),
  views: z.array(AttestedView),
  attempts: z.array(ProbeAttempt),
  /** Nothing was reached, every view was what had been prepared, and the probe ran to its end in all of them. */
  sealed: z.boolean(),
  /** Why the probe has not ended as it should; absent when it has. */
  unfinished: z.string().optional(),
});
export type Attestation = z.infer<typeof Attestation>;

/** The part of it that fits into a history. */
export const AttestationReceipt = z.object({
  sealed: z.boolean(),
  attempts: z.number().int().nonnegative(),
  /** What was reached that would let a program know answers or change scores; at most 20. */
  readable: z.array(z.string()),
  ref: BlobId,
});
export type AttestationReceipt = z.infer<typeof AttestationReceipt>;
