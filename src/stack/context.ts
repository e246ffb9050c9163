/** What every row of the table works with. */

import type { CacheFolder } from './cache-folder.js';
import type { Report } from './progress.js';

export interface StackContext {
  readonly cache: CacheFolder;
  readonly environment: NodeJS.ProcessEnv;
  readonly report: Report;
  /** Adds one sentence to the notes of the connections. */
  readonly note: (sentence: string) => void;
}
