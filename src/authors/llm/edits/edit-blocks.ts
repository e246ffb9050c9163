/** Edits and programs in prose: what a model writes when its server does not keep it to a schema. */
import type { Edit } from '../replies.js';

/** `cutOff`: the last block was opened and never closed, so that what was meant is not known in full. */
export interface FoundEdits {
  readonly edits: readonly Edit[];
  readonly cutOff: boolean;
}

const OPEN = /^[ \t]*<{5,}[ \t]*SEARCH[ \t]*\n/m;
const MIDDLE = /^[ \t]*={5,}[ \t]*\n/m;
const CLOSE = /^[ \t]*>{5,}[ \t]*REPLACE[ \t]*$/m;

/** Blocks of `<<<<<<< SEARCH`, `=======`, `>>>>>>> REPLACE`, with or without fences around them. */
export function editBlocksIn(text: string): FoundEdits {
  const [, ...blocks] = text.replace(/\r\n?/g, '\n').split(OPEN);
  const read = blocks.map(blockIn);
  const edits = read.filter((edit) => edit !== undefined);
  return { edits, cutOff: edits.length < read.length };
}

/** What follows an opening line, up to its closing one. */
function blockIn(text: string): Edit | undefined {
  const [inside, ...after] = text.split(CLOSE);
  const [search, ...replace] = (inside ?? '').split(MIDDLE);
  if (after.length === 0 || search === undefined || replace.length === 0) return undefined;
  return { search: search.replace(/\n$/, ''), replace: replace.join('=======\n').replace(/\n$/, '') };
}

/** The longest fenced block of Python; absent when none is closed. */
export function fencedProgramIn(text: string): string | undefined {
  const blocks = [...text.matchAll(/^[ \t]*```[ \t]*(\w*)[^\n]*\n([\s\S]*?)\n[ \t]*```[ \t]*$/gm)];
  const python = blocks.filter(([, name]) => /^(python3?|py)?$/i.test(name ?? '')).map(([, , code]) => code ?? '');
  return python.sort((one, other) => other.length - one.length)[0];
}

/** What is said before the first block or fence, on one line. */
export function proseBefore(text: string): string {
  const [before = ''] = text.split(/^[ \t]*(?:```|<{5,}\s*SEARCH)/m);
  return before
    .replace(/<(think|thinking|thought|reasoning)>[\s\S]*?(<\/\1>|$)/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
