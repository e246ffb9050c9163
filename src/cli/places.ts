/** Where this installation keeps things; every folder is made by whoever writes to it. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Places {
  /** The package itself: python/, templates, knowledge entries. */
  readonly package: string;
  readonly cache: string;
  readonly blobs: string;
  readonly prepared: string;
  readonly executions: string;
  readonly practice: string;
  readonly workflowBundle: string;
}

/** `AUTOMLGEN_CACHE`, or `~/.cache/automlgen`. */
export function places(): Places {
  const cache = resolve(process.env.AUTOMLGEN_CACHE ?? join(homedir(), '.cache', 'automlgen'));
  const root = fileURLToPath(new URL('../../', import.meta.url));
  return {
    package: root,
    cache,
    blobs: join(cache, 'data', 'blobs'),
    prepared: join(cache, 'data', 'prepared'),
    executions: join(cache, 'data', 'executions'),
    practice: join(cache, 'practice'),
    workflowBundle: join(root, 'dist', 'workflow-bundle.js'),
  };
}
