// What has been played so far, so that a stopped run goes on where it was: one line for each cell, kept apart by the code that played it.

import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `known` holds earlier results by the key of their task; `add` keeps one more. */
export function openJournal(dist, name) {
  const folder = join(process.env.AUTOMLGEN_CACHE ?? join(homedir(), '.cache', 'automlgen'), 'bench-policies');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}-${hashOf(join(dist, 'search'))}.jsonl`);
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  const known = new Map(lines.map((line) => JSON.parse(line)));
  return { known, add: (key, result) => appendFileSync(path, `${JSON.stringify([key, result])}\n`) };
}

function hashOf(folder) {
  const hash = createHash('sha256');
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.js'));
  for (const name of names.sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}
