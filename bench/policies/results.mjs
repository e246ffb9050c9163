// Result files: JSON with a checksum over everything else in them, and the number of the algorithm that made them.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('./results/', import.meta.url));
const ORDER = ['r1-2025', 'strong-2026', 'composer'];

/** Puts the result of one profile in the place of an earlier one; results of another algorithm are dropped. */
export function writeProfile(name, algorithm, result) {
  const before = existsSync(pathOf(name)) ? readResults(name) : { results: [] };
  const others = before.algorithm === algorithm ? before.results : [];
  const results = [...others.filter(({ profile }) => profile !== result.profile), result].sort(
    (a, b) => ORDER.indexOf(a.profile) - ORDER.indexOf(b.profile),
  );
  const content = { algorithm, results };
  mkdirSync(folder, { recursive: true });
  writeFileSync(pathOf(name), `${JSON.stringify({ sha256: checksumOf(content), ...content })}\n`);
}

/** Throws when the file is not as it was written. */
export function readResults(name) {
  const { sha256, ...content } = JSON.parse(readFileSync(pathOf(name), 'utf8'));
  if (checksumOf(content) !== sha256) throw new Error(`bench/policies/results/${name}.json was changed by hand.`);
  return content;
}

function pathOf(name) {
  return `${folder}${name}.json`;
}

function checksumOf(content) {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
