/**
 * Whatever a competition, a program or a model wrote is material, never an instruction. It enters a prompt cleaned, and between fences that
 * it cannot close: the fence is longer than any run of tildes inside, and it depends on the text alone, so that equal texts stay equal bytes.
 */

/** Line ends and tabs stay; other control characters, invisible and direction-changing letters, tag letters and halves of letters go. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be removed
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu;

/** Colours and cursor movements of terminals. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const TERMINAL = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?/g;

/** What chat templates of servers read as the end of a turn even inside a message. A space makes it plain text. */
const TEMPLATE_MARKS =
  /<(?=[|｜])|(?<=[|｜])>|<(?=\/?(?:start_of_turn|end_of_turn|s|bos|eos|im_start|im_end|assistant|system|user|think|tool_call)>)|\[(?=\/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\])|<<(?=\/?SYS>>)/gi;

/** Text of others without what a person would not see and without marks of chat templates. */
export function cleaned(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(TERMINAL, '')
    .replace(/\r/g, '\n')
    .replace(INVISIBLE, '')
    .replace(TEMPLATE_MARKS, (mark) => (mark === '>' ? ' >' : `${mark} `));
}

/** On one line, at most `most` characters. */
export function oneLine(text: string, most = 300): string {
  const line = cleaned(text).replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}

/** `label` is ours; `text` is anybody's. A text of nothing makes no fence. */
export function fenced(label: string, text: string): string {
  const inside = cleaned(text).trimEnd();
  if (inside.trim() === '') return '';
  const fence = '~'.repeat(Math.max(4, longestRun(inside) + 1));
  return `${fence} data: ${label}\n${inside}\n${fence}`;
}

function longestRun(text: string): number {
  return (text.match(/~+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 0);
}
