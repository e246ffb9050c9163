// Results of the replay: JSON with a checksum over everything else in it.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('./results.json', import.meta.url);

export function writeResults(content) {
  writeFileSync(path, `${JSON.stringify({ sha256: checksumOf(content), ...content })}\n`);
}

/** Throws when the file is not as it was written. */
export function readResults() {
  const { sha256, ...content } = JSON.parse(readFileSync(path, 'utf8'));
  if (checksumOf(content) !== sha256) throw new Error('bench/tensor/results.json was changed by hand.');
  return content;
}

function checksumOf(content) {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
