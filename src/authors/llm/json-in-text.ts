/**
 * Finds the JSON object that a model meant. Servers that enforce a schema send nothing else; the others wrap it in a fence, in prose
 * or in thoughts. What is forgiven: text before and after, `<think>` blocks and a lone closing tag, trailing commas, raw line breaks
 * and tabs inside strings. What is not: single quotes, comments, missing quotes, Python's True and None.
 */

export interface Found {
  /** Every object that could be read, most trustworthy place first. */
  readonly objects: readonly unknown[];
  /** A JSON object was opened and never closed. */
  readonly cutOff: boolean;
}

/** So that a reply of nothing but brackets costs no more than this many passes over it. */
const MOST_STARTS = 50;

export function jsonIn(text: string): Found {
  const found = places(text).map(objectsIn);
  return { objects: found.flatMap(({ objects }) => objects), cutOff: found.some((place) => place.cutOff) };
}

/**
 * What follows the thoughts; never the thoughts, where a model may try out an answer. A closing tag may stand alone, since some
 * templates open the block in the prompt. A program inside the JSON may hold such a tag too, so there may be more than one place.
 */
function places(text: string): readonly string[] {
  const tags = [...text.matchAll(/<\/(think|thinking|thought|reasoning)>/gi)];
  const after = [tags.at(-1), tags.at(0)].flatMap((tag) => (tag ? [text.slice(tag.index + tag[0].length)] : []));
  const onlyThoughts = after.length === 0 && /^\s*<(think|thinking|thought|reasoning)>/i.test(text);
  if (onlyThoughts) return [];
  return after.length === 0 || /^\s*\{/.test(text) ? [...after, text] : after;
}

function objectsIn(text: string): Found {
  const objects: unknown[] = [];
  let from = text.indexOf('{');
  for (let starts = 0; from >= 0 && starts < MOST_STARTS; starts += 1) {
    const end = endOfObject(text, from);
    // What was begun as JSON and never closed: its inner objects are no answer.
    if (end === undefined && /\{\s*"/y.test(text.slice(from, from + 100)))
      return { objects, cutOff: objects.length === 0 };
    const value = end === undefined ? undefined : parsed(text.slice(from, end));
    if (value !== undefined) objects.push(value);
    from = text.indexOf('{', value === undefined || end === undefined ? from + 1 : end);
  }
  return { objects, cutOff: false };
}

/** Where the object that opens at `from` ends, brackets inside strings not counted. */
function endOfObject(text: string, from: number): number | undefined {
  const token = /"(?:[^"\\]|\\[\s\S])*"?|[{}[\]]/g;
  token.lastIndex = from;
  let depth = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (match[0] === '{' || match[0] === '[') depth += 1;
    else if (match[0] === '}' || match[0] === ']') depth -= 1;
    if (depth === 0) return token.lastIndex;
  }
  return undefined;
}

function parsed(text: string): unknown {
  return tried(text) ?? tried(relaxed(text));
}

function tried(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Drops trailing commas and escapes raw line breaks in strings; strings are otherwise left as they are. */
function relaxed(text: string): string {
  return text.replace(/"(?:[^"\\]|\\[\s\S])*"|,(?=\s*[}\]])/g, (piece) =>
    piece === ',' ? '' : piece.replace(/[\n\r\t]/g, (letter) => ESCAPES[letter] ?? ''),
  );
}
