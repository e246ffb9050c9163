/** Which files of a prepared public folder are the labelled table, the table to predict and the sample submission. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type CsvHead, readHead } from '../csv-head.js';

export interface NamedTable {
  /** Relative to the public folder. */
  readonly name: string;
  readonly head: CsvHead;
}

export interface PublicTables {
  readonly train?: NamedTable;
  readonly test?: NamedTable;
  readonly sample?: NamedTable;
  /** Files and folders of the public folder, by name. */
  readonly entries: readonly string[];
  readonly notes: readonly string[];
}

export const DESCRIPTIONS = ['description.md', 'description.txt'];
/** Packed tables are read as they lie. */
const TRAIN = [
  /^train(?:ing)?\.[ct]sv(?:\.gz|\.zip)?$/i,
  /^(?:train_?labels?|labels)\.[ct]sv(?:\.gz|\.zip)?$/i,
  /^(?:.+[_-])?train(?:ing)?(?:[_-].*)?\.[ct]sv(?:\.gz|\.zip)?$/i,
];
const TEST = [/^test(?:ing)?\.[ct]sv(?:\.gz|\.zip)?$/i, /^(?:.+[_-])?test(?:ing)?(?:[_-].*)?\.[ct]sv(?:\.gz|\.zip)?$/i];
const SAMPLE = [
  /^sample_?submission.*\.csv(?:\.gz|\.zip)?$/i,
  /sample.*submission.*\.csv(?:\.gz|\.zip)?$/i,
  /^random_?predictions\.csv$/i,
  /submission.*\.csv(?:\.gz|\.zip)?$/i,
];

/** `sampleName` is what the benchmark's config says; it need not be in the public folder. */
export async function publicTables(folder: string, sampleName?: string): Promise<PublicTables> {
  const entries = (await readdir(folder)).sort();
  const sampleFile = sampleName !== undefined ? entries.find((name) => name === sampleName) : firstOf(entries, SAMPLE);
  const others = entries.filter((name) => name !== sampleFile && !SAMPLE.some((pattern) => pattern.test(name)));
  const notes: string[] = [];
  const table = async (name: string | undefined): Promise<NamedTable | undefined> => {
    if (name === undefined) return undefined;
    try {
      return { name, head: await readHead(join(folder, name)) };
    } catch (error) {
      notes.push(`${name} cannot be read as a table: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const [train, test, sample] = await Promise.all([
    table(firstOf(others, TRAIN)),
    table(firstOf(others, TEST)),
    table(sampleFile),
  ]);
  return {
    entries,
    notes,
    ...(train && { train }),
    ...(test && { test }),
    ...(sample && { sample }),
  };
}

/** The head of a table that lies elsewhere, or nothing. */
export async function tableAt(path: string): Promise<NamedTable | undefined> {
  try {
    return { name: basename(path), head: await readHead(path) };
  } catch {
    return undefined;
  }
}

/** The text of `description.md` or `description.txt`. */
export async function descriptionIn(folder: string): Promise<string | undefined> {
  for (const name of DESCRIPTIONS) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  return undefined;
}

function firstOf(names: readonly string[], patterns: readonly RegExp[]): string | undefined {
  for (const pattern of patterns) {
    const name = names.find((candidate) => pattern.test(candidate));
    if (name !== undefined) return name;
  }
  return undefined;
}
