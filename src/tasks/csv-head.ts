/** The first rows of a table: enough to guess what its columns are. The checks of whole tables are the profiler's. */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import { UserError } from '../domain/errors.js';
import { unpackedHead } from './archive-head.js';
import { isJson, jsonRows } from './json-head.js';

export interface CsvHead {
  readonly columns: readonly string[];
  /** At most 200 rows, cells as text, in the order of `columns`. */
  readonly rows: readonly (readonly string[])[];
}

const BYTES = 1 << 18;
const ROWS = 200;

/** @throws UserError `path-missing`, `csv-encoding`, `csv-empty`, `csv-malformed` */
export async function readHead(path: string): Promise<CsvHead> {
  const { bytes, whole } = await firstBytes(path);
  const text = decode(bytes, path, whole);
  const [columns, ...rows] = isJson(text) ? parseJson(text, whole, path) : parseRows(wholeLines(text, whole), path);
  if (columns === undefined) {
    throw new UserError('csv-empty', `${basename(path)} is empty.`, `Put a table into ${path}.`);
  }
  if (rows.length === 0) {
    throw new UserError('csv-empty', `${basename(path)} has 0 rows.`, `Put rows below the header of ${path}.`);
  }
  return { columns, rows: rows.slice(0, ROWS) };
}

function wholeLines(text: string, whole: boolean): string {
  return whole ? text : text.slice(0, text.lastIndexOf('\n') + 1 || undefined);
}

function parseJson(text: string, whole: boolean, path: string): string[][] {
  const rows = jsonRows(text, whole, ROWS);
  if (rows !== undefined) return rows;
  throw new UserError(
    'csv-malformed',
    `${basename(path)} is JSON, but neither a list of objects nor one object to a line.`,
    `Give ${basename(path)} as CSV, with one row for each example.`,
  );
}

/** The first column alone: what a sample submission says about the rows it asks for. */
export function idsOnly({ columns, rows }: CsvHead): CsvHead {
  return { columns: columns.slice(0, 1), rows: rows.map((row) => row.slice(0, 1)) };
}

async function firstBytes(path: string): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw new UserError('path-missing', `There is no file ${path}.`, 'Correct the path and start again.');
  });
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(BYTES), 0, BYTES, 0);
    return unpackedHead(buffer.subarray(0, bytesRead), bytesRead < BYTES, path);
  } finally {
    await file.close();
  }
}

function decode(bytes: Uint8Array, path: string, whole: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole });
  } catch (error) {
    throw new UserError(
      'csv-encoding',
      `${basename(path)} is not valid UTF-8.`,
      `Convert it, for example: iconv -f latin1 -t utf-8 ${basename(path)} > converted.csv`,
      { cause: error },
    );
  }
}

function parseRows(text: string, path: string): string[][] {
  // Marks inside quotes divide nothing.
  const first = (text.split('\n', 1)[0] ?? '').replaceAll(/"[^"]*"/g, '');
  const delimiter = [',', ';', '\t', '|'].reduce((a, b) => (first.split(b).length > first.split(a).length ? b : a));
  try {
    return parse(text, { delimiter, to: ROWS + 1, skip_empty_lines: true, relax_column_count: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError('csv-malformed', `${basename(path)} cannot be parsed: ${reason}.`, `Repair ${path}.`, {
      cause: error,
    });
  }
}
