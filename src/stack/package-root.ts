/** The folder of package.json, from the sources as well as from dist: both lie two folders above this file. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Absolute path of a file that ships with the package. */
export function packageFile(...parts: string[]): string {
  return join(ROOT, ...parts);
}
