/** Reads a folder of entries and says everything that is wrong with it. */
import { fileURLToPath } from 'node:url';
import type { KnowledgeEntry } from '../domain/knowledge-entry.js';
import { type Placed, RULES } from './check-rules.js';
import { ENTRIES_FOLDER, readEntryFiles } from './load.js';

const TEMPLATES_FOLDER = fileURLToPath(new URL('../../src/authors/composer/templates', import.meta.url));

export interface Complaint {
  /** Relative to the folder of entries. */
  readonly path: string;
  readonly text: string;
}
export interface CheckReport {
  readonly entries: readonly KnowledgeEntry[];
  readonly complaints: readonly Complaint[];
}

/** Reads and checks a folder of entries. An entry that fails its schema is complained about and left out. */
export function checkKnowledge(
  folder: string = ENTRIES_FOLDER,
  templatesFolder: string = TEMPLATES_FOLDER,
): CheckReport {
  const files = readEntryFiles(folder);
  const placed = files.filter((file) => file.kind === 'entry');
  const surroundings = { ids: pathsById(placed), templatesFolder };
  const complaints = files.flatMap((file) => {
    const texts = file.kind === 'fault' ? [file.complaint] : RULES.flatMap((rule) => rule(file, surroundings));
    return texts.map((text) => ({ path: file.path, text }));
  });
  return { entries: placed.map(({ entry }) => entry), complaints };
}

function pathsById(placed: readonly Placed[]): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, string[]>();
  for (const { path, entry } of placed) paths.set(entry.id, [...(paths.get(entry.id) ?? []), path]);
  return paths;
}
