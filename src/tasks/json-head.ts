/** The first rows of a table that is kept as JSON: an array of objects, or one object to a line. */

/** True for text that begins as such a table does; no header of a CSV file does. */
export function isJson(text: string): boolean {
  return /^\s*(?:\[\s*)?\{\s*"/.test(text);
}

/** The header and rows as text, columns in the order in which they first occur. Nothing where no row can be read. */
export function jsonRows(text: string, whole: boolean, most: number): string[][] | undefined {
  const records = recordsIn(text.trim(), whole)?.slice(0, most);
  if (records === undefined) return undefined;
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return [columns, ...records.map((record) => columns.map((name) => cellOf(record[name])))];
}

type Row = Readonly<Record<string, unknown>>;

function recordsIn(text: string, whole: boolean): readonly Row[] | undefined {
  if (!text.startsWith('[')) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    const rows = rowsOf(`[${(whole ? lines : lines.slice(0, -1)).join(',')}]`);
    // A single object holds columns, or something else.
    return rows !== undefined && rows.length > 1 ? rows : undefined;
  }
  if (whole) return rowsOf(text);
  // The text ends within a row: it is cut after the last one that is complete.
  for (let end = text.lastIndexOf('}'); end > 0; end = text.lastIndexOf('}', end - 1)) {
    const rows = rowsOf(`${text.slice(0, end + 1)}]`);
    if (rows !== undefined) return rows;
  }
  return undefined;
}

function rowsOf(text: string): readonly Row[] | undefined {
  try {
    // Python writes numbers that JSON does not have.
    const found: unknown = JSON.parse(text.replaceAll(/:\s*(?:NaN|-?Infinity)(?=\s*[,}])/g, ': null'));
    return Array.isArray(found) && found.every(isRow) ? found : undefined;
  } catch {
    return undefined;
  }
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As the profiler writes it: words as they are, `True` and `False`, lists as JSON, nothing for null. */
function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return JSON.stringify(value);
}
