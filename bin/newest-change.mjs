// When a tree of files was last changed; folders count too, so that a removed file is noticed.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds since 1970 of the newest change below the paths; 0 when none of them exists. */
export function newestChange(paths) {
  return Math.max(0, ...paths.map(changeOf));
}

function changeOf(path) {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (!entry) return 0;
  if (!entry.isDirectory()) return entry.mtimeMs;
  return Math.max(entry.mtimeMs, newestChange(readdirSync(path).map((name) => join(path, name))));
}
