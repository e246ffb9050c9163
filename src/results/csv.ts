/** Rows to CSV by RFC 4180: quotes where needed, `undefined` as an empty cell. */

type Cell = string | number | undefined;

export function stringify(rows: readonly (readonly Cell[])[]): string {
  return `${rows.map((row) => row.map(cellText).join(',')).join('\n')}\n`;
}

function cellText(cell: Cell): string {
  const text = cell === undefined ? '' : String(cell);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
