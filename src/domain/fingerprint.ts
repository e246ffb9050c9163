/** Two programs that differ in comments, blank lines or trailing spaces only are the same program. */
import { createHash } from 'node:crypto';

/** SHA-256 of the normalised source. Lines inside triple-quoted strings are left as they are. */
export function fingerprintOf(program: string): string {
  return createHash('sha256').update(normalised(program)).digest('hex');
}

function normalised(program: string): string {
  const kept: string[] = [];
  let quote: string | undefined;
  for (const line of program.replaceAll('\r\n', '\n').split('\n')) {
    const inside = quote !== undefined;
    quote = quoteAfter(line, quote);
    if (inside || quote) kept.push(line);
    else if (!/^\s*(#.*)?$/.test(line)) kept.push(line.trimEnd());
  }
  return kept.join('\n');
}

/** The triple quote that is open after `line`, if any. */
function quoteAfter(line: string, open: string | undefined): string | undefined {
  let quote = open;
  for (const match of line.matchAll(/"""|'''/g)) {
    if (quote === undefined) quote = match[0];
    else if (quote === match[0]) quote = undefined;
  }
  return quote;
}
