/** Reads the curated entries: `<level>/<group>/<slug>.md`, YAML front matter and a short Markdown body. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ZodError } from 'zod';
import { UserError } from '../domain/errors.js';
import { KnowledgeEntry } from '../domain/knowledge-entry.js';
import { splitFrontMatter } from './front-matter.js';

/** The same folder from `src/knowledge` and from a build in `dist/knowledge`: entries are not compiled. */
export const ENTRIES_FOLDER = fileURLToPath(new URL('../../src/knowledge/entries', import.meta.url));

/** An entry, or what is wrong with its file: `field: complaint`. `path` is relative to the folder, with slashes. */
export type EntryFile =
  | { readonly kind: 'entry'; readonly path: string; readonly entry: KnowledgeEntry }
  | { readonly kind: 'fault'; readonly path: string; readonly complaint: string };

/** Every Markdown file below `folder`, in order of path. */
export function readEntryFiles(folder: string = ENTRIES_FOLDER): readonly EntryFile[] {
  return markdownPaths(folder).map((path) => readEntryFile(folder, path));
}

/**
 * The entries of a folder, in order of path.
 * @throws UserError `knowledge-invalid` naming file and field of the first fault.
 */
export function loadEntries(folder: string = ENTRIES_FOLDER): KnowledgeEntry[] {
  return readEntryFiles(folder).map((file) => {
    if (file.kind === 'entry') return file.entry;
    throw new UserError('knowledge-invalid', `${file.path}: ${file.complaint}`, 'Run `automlgen knowledge check`.');
  });
}

function markdownPaths(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && file.name.endsWith('.md'))
    .map((file) => relative(folder, join(file.parentPath, file.name)).split(sep).join('/'))
    .sort();
}

function readEntryFile(folder: string, path: string): EntryFile {
  try {
    const { fields, body } = splitFrontMatter(readFileSync(join(folder, path), 'utf8'));
    const result = KnowledgeEntry.safeParse({ ...Object(fields), body });
    return result.success
      ? { kind: 'entry', path, entry: result.data }
      : { kind: 'fault', path, complaint: complaintOf(result.error) };
  } catch (error) {
    return { kind: 'fault', path, complaint: error instanceof Error ? error.message : String(error) };
  }
}

function complaintOf(error: ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'front matter'}: ${issue.message}`).join('; ');
}
