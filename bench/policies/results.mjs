// Result files: JSON with a checksum over everything else in them.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('./results/', import.meta.url));

export function writeResults(name, content) {
  mkdirSync(folder, { recursive: true });
  const sha256 = checksumOf(content);
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify({ sha256, ...content })}\n`);
}

/** Throws when the file is not as it was written. */
export function readResults(name) {
  const { sha256, ...content } = JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8'));
  if (checksumOf(content) !== sha256) throw new Error(`bench/policies/results/${name}.json was changed by hand.`);
  return content;
}

function checksumOf(content) {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
