/** What a repair changed: unified, two lines of context, no file names. */
import { structuredPatch } from 'diff';

/** A repair that changes more is a new program: its diff tells nothing about the failure. */
const MOST_LINES = 60;

/** Nothing where nothing changed, and where too much did. */
export function diffOf(before: string, after: string): string | undefined {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: 2 });
  const lines = hunks.flatMap((hunk) => ['@@', ...hunk.lines.filter((line) => !line.startsWith('\\'))]);
  return lines.length === 0 || lines.length > MOST_LINES ? undefined : lines.join('\n');
}
