/** Where this installation keeps things; every folder is made by whoever writes to it. */
import { join } from 'node:path';
import { cacheFolder } from '../stack/cache-folder.js';
import { packageFile } from '../stack/package-root.js';

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

export function places(): Places {
  const { root: cache, data } = cacheFolder(process.env);
  return {
    package: packageFile(),
    cache,
    blobs: join(data, 'blobs'),
    prepared: join(data, 'prepared'),
    executions: join(data, 'executions'),
    practice: join(cache, 'practice'),
    workflowBundle: packageFile('dist', 'workflow-bundle.js'),
  };
}
