/** Where the answers of an imported competition lie: named so that a run can prove that no program reaches them. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const Named = z.object({ answers: z.string() });

/** The folder of the answers that `benchmark.json` names; nothing for a folder that no import made. */
export async function importedAnswers(root: string): Promise<string | undefined> {
  const text = await readFile(join(root, 'benchmark.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return dirname(Named.parse(JSON.parse(text)).answers);
  } catch {
    return undefined;
  }
}
