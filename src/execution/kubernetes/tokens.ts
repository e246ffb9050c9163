/** Tokens of the artefact endpoint: what one execution may read and write, signed, so that any replica can check it without asking. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { JobName, type Part } from './parts.js';

const Grant = z.object({
  job: JobName,
  /** Name of each view and the worker's folder behind it. */
  views: z.record(z.string(), z.string()),
  outputs: z.array(z.string()),
});
export type Grant = z.infer<typeof Grant>;

export function grantOf(spec: Part): Grant {
  return {
    job: spec.job,
    views: Object.fromEntries(spec.views.map(({ name, input }) => [name, input])),
    outputs: spec.outputs,
  };
}

export function tokenFor(grant: Grant, secret: Uint8Array): string {
  const text = Buffer.from(JSON.stringify(grant)).toString('base64url');
  return `${text}.${signatureOf(text, secret)}`;
}

/** Undefined for a token that was not made with this secret. */
export function grantIn(token: string, secret: Uint8Array): Grant | undefined {
  const [text = '', signature = '', ...rest] = token.split('.');
  const expected = Buffer.from(signatureOf(text, secret));
  const given = Buffer.from(signature);
  if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return Grant.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))).data;
}

function signatureOf(text: string, secret: Uint8Array): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

/** The secret of AUTOMLGEN_ARTEFACT_SECRET, or one that is made once and kept at `path`. */
export async function secretOf(path: string, given: string | undefined): Promise<Uint8Array> {
  if (given !== undefined && given !== '') return Buffer.from(given);
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(temporary, randomBytes(32).toString('hex'), { mode: 0o600 });
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(temporary);
  }
  return readFile(path);
}
