/** Every id of the product is built here, so that the same thing has the same name in Temporal, MongoDB and on disk. */
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';

export const RunId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*-\d{8}-[a-z0-9]{6}$/)
  .brand<'RunId'>();
export type RunId = z.infer<typeof RunId>;

export const NodeId = z
  .string()
  .regex(/^n[1-9]\d*$/)
  .brand<'NodeId'>();
export type NodeId = z.infer<typeof NodeId>;

/** SHA-256 of the bytes, as 64 hexadecimal digits. */
export const BlobId = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'BlobId'>();
export type BlobId = z.infer<typeof BlobId>;

export const ExecutionId = z
  .string()
  .regex(/^aml-[a-z2-7]{20}$/)
  .brand<'ExecutionId'>();
export type ExecutionId = z.infer<typeof ExecutionId>;

/** `<task>-<yyyymmdd>-<6 characters>`; the suffix is random unless given. */
export function runIdOf(task: string, at: Date, suffix?: string): RunId {
  const slug = task
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const day = at.toISOString().slice(0, 10).replaceAll('-', '');
  return RunId.parse(`${slug || 'task'}-${day}-${suffix ?? base32(randomBytes(8)).slice(0, 6)}`);
}

export function nodeIdOf(ordinal: number): NodeId {
  return NodeId.parse(`n${ordinal}`);
}

export function blobIdOf(bytes: Uint8Array | string): BlobId {
  return createHash('sha256').update(bytes).digest('hex') as BlobId;
}

/**
 * The name of one execution: a pure function of run, node and attempt, so that a repeated request meets the first one.
 * `attempt` is the try number, with the stage (`1`, `1-folds`, `refit`) where a node runs more than once.
 */
export function executionIdOf(run: RunId, node: NodeId, attempt: string): ExecutionId {
  const digest = createHash('sha256').update(`${run}|${node}|${attempt}`).digest();
  return ExecutionId.parse(`aml-${base32(digest).slice(0, 20)}`);
}

/** RFC 4648 alphabet, lower case, no padding. */
function base32(bytes: Uint8Array): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(buffer >> bits) & 31];
    }
  }
  return bits > 0 ? text + alphabet[(buffer << (5 - bits)) & 31] : text;
}
