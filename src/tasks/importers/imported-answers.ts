/** Where the answers of an imported competition lie: named so that a run can prove that no program reaches them. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../domain/errors.js';

const Named = z.object({ answers: z.string() });

/**
 * The folder of the answers that `benchmark.json` names; nothing for a folder that no import made.
 * @throws UserError `benchmark-invalid` for a file that cannot be read or names none: a run that took it for none would neither try whether
 * programs reach the answers, nor keep what it learns to itself.
 */
export async function importedAnswers(root: string): Promise<string | undefined> {
  const path = join(root, 'benchmark.json');
  try {
    return dirname(Named.parse(JSON.parse(await readFile(path, 'utf8'))).answers);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UserError(
      'benchmark-invalid',
      `${path} does not say where the private answers lie: ${faultOf(cause)}.`,
      'Import the competition again, or remove the file if no import made it.',
      { cause },
    );
  }
}

function faultOf(cause: unknown): string {
  if (cause instanceof z.ZodError) return 'it has no `answers`';
  return cause instanceof SyntaxError ? 'it is not JSON' : ((cause as NodeJS.ErrnoException).code ?? String(cause));
}
