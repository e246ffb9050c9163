/** What a model wrote becomes what is stored, shown and run: valid Unicode without anything a terminal or a database would stumble over. */

/** All control characters but tab, line feed and form feed; marks of direction and the byte order; they hide code from people. */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]/g;

/** A program with `\n` as its line end, one of them at its end, and no fence around it. */
export function plainProgram(text: string): string {
  const lines = wellFormed(text).replace(/\r\n?/g, '\n').replace(HIDDEN, '');
  const fenced = /^\s*```[ \t]*(?:python3?|py)?[ \t]*\n([\s\S]*?)\n?```\s*$/i.exec(lines)?.[1] ?? lines;
  return `${fenced.replace(/^\n+/, '').trimEnd()}\n`;
}

/** One line of at most `longest` characters. */
export function plainLine(text: string, longest: number): string {
  const line = wellFormed(text).replace(HIDDEN, ' ').replace(/\s+/g, ' ').trim();
  const letters = [...line];
  return letters.length > longest
    ? `${letters
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`
    : line;
}

/** Half a pair of UTF-16 becomes the replacement sign, as it would on its way into a file. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
