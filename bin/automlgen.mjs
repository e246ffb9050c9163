#!/usr/bin/env node
// What `npx automlgen` and `npm run demo` start. On a fresh clone there is nothing but this file's folder and Node: it brings the
// packages and the build up to date, says so, and hands over to dist/cli/main.js in the same process. When everything is in place
// that costs some ten milliseconds.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { requireNode } from './node-version.mjs';

requireNode();

const root = new URL('../', import.meta.url);
const inRepository = existsSync(new URL('tsconfig.build.json', root));
if (inRepository) {
  const { bringUpToDate } = await import('./up-to-date.mjs');
  if (!(await bringUpToDate(fileURLToPath(root)))) process.exit(1);
}
// Keeps compiled code between starts, from Node 22.8 on.
const { enableCompileCache } = await import('node:module');
enableCompileCache?.();
await import(new URL('dist/cli/main.js', root).href);
