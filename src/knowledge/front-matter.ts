/** Splits a Markdown file into its YAML front matter and its body. */
import { parse } from 'yaml';

export interface FrontMatter {
  readonly fields: unknown;
  readonly body: string;
}

const FENCE = '---';

/**
 * The file must open with a line `---` and close the block with another one.
 * @throws Error with one plain sentence when it does not, or when the block is not YAML.
 */
export function splitFrontMatter(text: string): FrontMatter {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const end = lines.indexOf(FENCE, 1);
  if (lines[0] !== FENCE || end < 0)
    throw new Error('the file does not open with a front matter between two lines `---`');
  return {
    fields: parse(lines.slice(1, end).join('\n')),
    body: lines
      .slice(end + 1)
      .join('\n')
      .trim(),
  };
}
